"""CloudFormation: the types of this product's templates that MiniStack lacks."""

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

# Nobody rolls them out here: a test deploys their template into the accounts that it wants.
stack_sets: list[dict] = []  # account, and the properties with every reference resolved


def _bus_policy_create(_id, properties, _stack):
    bus = properties["EventBusName"]
    policy = eventbridge._event_bus_policies.setdefault(bus, {"Version": "2012-10-17", "Statement": []})
    policy["Statement"].append({**properties["Statement"], "Sid": properties["StatementId"]})
    return f"{bus}|{properties['StatementId']}", {}


def _bus_policy_delete(id, _properties):
    bus, _, sid = id.partition("|")
    policy = eventbridge._event_bus_policies.get(bus, {"Statement": []})
    policy["Statement"] = [statement for statement in policy["Statement"] if statement["Sid"] != sid]


def _stack_set_create(_id, properties, _stack):
    stack_sets.append({"account": get_account_id(), "region": get_region(), "properties": properties})
    return f"{properties['StackSetName']}:{new_uuid()}", {}


def _stack_set_delete(_id, properties):
    name = properties["StackSetName"]
    stack_sets[:] = [one for one in stack_sets if (one["account"], one["properties"]["StackSetName"]) != (get_account_id(), name)]


def install() -> None:
    provisioners._RESOURCE_HANDLERS |= {
        "AWS::Events::EventBusPolicy": {"create": _bus_policy_create, "delete": _bus_policy_delete},
        "AWS::CloudFormation::StackSet": {"create": _stack_set_create, "delete": _stack_set_delete},
    }
