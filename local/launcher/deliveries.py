"""EventBridge: events that AWS services send, deliveries that the target's policy must allow, and the dead letters of rules."""

import json

from ministack.core import iam_evaluator
from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge, sqs

from . import buses
from .acting import acting_as

SERVICE = "events.amazonaws.com"

deliveries: list[dict] = []  # what a rule sent to a queue or to another bus, and what was refused there

_invoke_target = eventbridge._invoke_target


def put_service_event(account: str, region: str, entries: list[dict]) -> dict:
    """Puts events of AWS services on the default bus. PutEvents refuses a source `aws.*`, here as on AWS."""
    before = len(deliveries)
    with acting_as(account, region):
        _, _, body = eventbridge._put_events({"Entries": entries}, allow_aws_source=True)
    return {**json.loads(body), "Deliveries": deliveries[before:]}


def _deliver(target, event, rule, view=None):
    arn = target.get("Arn", "")
    service = parse_arn(arn).service if arn.startswith("arn:") else None
    if service == "events" and buses.is_elsewhere(target):
        return _keep(target, event, rule, view, buses.forward(target, event))
    if service != "sqs":
        return _invoke_target(target, event, rule, view)
    queue = sqs._queue_by_arn(arn)
    refused = bool(queue) and not _queue_allows(queue, arn, rule)
    _keep(target, event, rule, view, "NO_PERMISSIONS" if refused else None)
    return None if refused else _invoke_target(target, event, rule, view)


def _keep(target, event, rule, view, error: str | None) -> None:
    """Of one delivery; what was refused for good goes to the rule's dead-letter queue, if that lets the rule in."""
    deliveries.append(
        {
            "rule": rule.get("Name"),
            "target": target["Arn"],
            "account": get_account_id(),
            "refused": error is not None,
            "error": error,
        }
    )
    arn = target.get("DeadLetterConfig", {}).get("Arn")
    queue = sqs._queue_by_arn(arn) if arn else None
    if error and queue and _queue_allows(queue, arn, rule):
        body = (view or eventbridge._pattern_event_view(event)).event_with_detail()
        eventbridge._dispatch_to_sqs(parse_arn(arn), json.dumps(body, ensure_ascii=False))
        queue["messages"][-1]["message_attributes"] = {"ERROR_CODE": {"DataType": "String", "StringValue": error}}


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
