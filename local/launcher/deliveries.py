"""EventBridge: events that AWS services send, and deliveries that the queue's policy must allow."""

import json
from contextlib import contextmanager

from ministack.core import iam_evaluator
from ministack.core.arn import parse_arn
from ministack.core.responses import _request_account_id, _request_region, get_account_id, get_region
from ministack.services import eventbridge, sqs

SERVICE = "events.amazonaws.com"

deliveries: list[dict] = []  # what a rule sent to a queue, and what a queue's policy refused

_invoke_target = eventbridge._invoke_target


@contextmanager
def acting_as(account: str, region: str):
    """Runs a block as this account in this Region."""
    tokens = _request_account_id.set(account), _request_region.set(region)
    try:
        yield
    finally:
        _request_account_id.reset(tokens[0])
        _request_region.reset(tokens[1])


def put_service_event(account: str, region: str, entries: list[dict]) -> dict:
    """Puts events of AWS services on the default bus. PutEvents refuses a source `aws.*`, here as on AWS."""
    before = len(deliveries)
    with acting_as(account, region):
        _, _, body = eventbridge._put_events({"Entries": entries}, allow_aws_source=True)
    return {**json.loads(body), "Deliveries": deliveries[before:]}


def _deliver(target, event, rule, view=None):
    arn = target.get("Arn", "")
    if not arn.startswith("arn:") or parse_arn(arn).service != "sqs":
        return _invoke_target(target, event, rule, view)
    delivery = {"rule": rule.get("Name"), "queue": arn, "account": get_account_id(), "refused": False}
    deliveries.append(delivery)
    queue = sqs._queue_by_arn(arn)
    if queue and not _queue_allows(queue, arn, rule):
        delivery["refused"] = True
        return None
    return _invoke_target(target, event, rule, view)


def _queue_allows(queue, arn, rule) -> bool:
    """MiniStack delivers whatever the queue's policy says; AWS drops what it does not allow."""
    context = iam_evaluator.EvalContext(
        SERVICE,
        "Service",
        get_account_id(),
        "sqs:SendMessage",
        arn,
        get_region(),
        secure_transport=True,
        service_context={"aws:sourcearn": rule.get("Arn", ""), "aws:sourceaccount": get_account_id()},
    )
    policy = queue["attributes"].get("Policy")
    return iam_evaluator.evaluate_resource_policy(policy, context, service=SERVICE).decision == "Allow"


def install() -> None:
    eventbridge._invoke_target = _deliver
