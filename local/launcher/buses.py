"""EventBridge: a rule's target that is a bus of another account or Region, which MiniStack drops.

AWS asks twice: whether the rule's role may put events on that bus, and whether the policy of the bus lets its account in, with
this source. What is refused goes to the rule's dead-letter queue, with the code as an attribute."""

from ministack.core import iam_evaluator
from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge

from .acting import acting_as
from .permissions import seen

ACTION = "events:PutEvents"


def is_elsewhere(target: dict) -> bool:
    spec = _spec(target)
    return spec.service == "events" and (spec.account_id, spec.region) != (get_account_id(), get_region())


def forward(target: dict, event: dict) -> str | None:
    """Puts the event on the bus, as it is: account and Region stay those of its origin. Returns why the bus did not take it."""
    spec = _spec(target)
    name = spec.resource.removeprefix("event-bus/")
    with acting_as(spec.account_id, spec.region):
        exists, policy = name in eventbridge._event_buses, eventbridge._event_bus_policies.get(name)
    if not exists:
        return "NO_RESOURCE"
    if not _may(target, event, policy):
        return "NO_PERMISSIONS"
    with acting_as(spec.account_id, spec.region):
        eventbridge._dispatch_event({**event, "EventBusName": name})
    return None


def _may(target: dict, event: dict, policy) -> bool:
    account, role = get_account_id(), target.get("RoleArn", "").rpartition("/")[2]
    context = iam_evaluator.EvalContext(
        f"arn:aws:sts::{account}:assumed-role/{role}/events",
        "AssumedRole",
        account,
        ACTION,
        target["Arn"],
        get_region(),
        secure_transport=True,
        service_context={"events:source": [event["Source"]], "events:detail-type": [event["DetailType"]]},
    )
    identity = iam_evaluator.evaluate(context, iam_evaluator._gather_role_policies(role, account))
    owner = _spec(target).account_id
    allowed = iam_evaluator.combine_resource_policy(identity, context, policy, owner).decision == "Allow"
    seen(account, role, ACTION, target["Arn"], allowed)
    return allowed


def _spec(target: dict):
    return parse_arn(target["Arn"])
