"""IAM: what a call is authorised as. MiniStack enforces policies; these are the places where it asks for another action.
What it refuses is kept: a test reads the missing grant's name there."""

import re

import ministack.app
from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region

# Converse has no IAM action of its own.
ACTIONS = {
    "bedrock:Converse": "bedrock:InvokeModel",
    "bedrock:ConverseStream": "bedrock:InvokeModelWithResponseStream",
}
PROFILE = re.compile(r"arn:([^:]+):bedrock:([^:]*)::foundation-model/((?:us|eu|apac|jp|au|in|global|us-gov)\..+)$")
GUARDRAIL = re.compile(r"/guardrail/([^/]+)/")

denied: list[dict] = []  # what IAM refused: account, action, resource

_access_denied_response = iam_actions.access_denied_response
_extract_iam_action = iam_actions.extract_iam_action
_extract_resource_arn = iam_actions.extract_resource_arn
_pin_request_origin = ministack.app.pin_request_origin


def _action(*args, **kwargs):
    action = _extract_iam_action(*args, **kwargs)
    return ACTIONS.get(action, action)


def _resource(service, method, path, *args, **kwargs):
    """An inference profile is authorised by its own ARN. (The models behind it, too: only the template's test sees that.)
    So is a guardrail that is applied."""
    arn = _extract_resource_arn(service, method, path, *args, **kwargs)
    guardrail = GUARDRAIL.match(path)
    if guardrail:
        return f"arn:aws:bedrock:{get_region()}:{get_account_id()}:guardrail/{guardrail[1]}"
    profile = PROFILE.match(arn or "")
    if not profile:
        return arn
    partition, region, name = profile.groups()
    return f"arn:{partition}:bedrock:{region}:{get_account_id()}:inference-profile/{name}"


def _denial(service, action, *args, **kwargs):
    denied.append({"account": get_account_id(), "action": action, "resource": kwargs.get("resource_arn")})
    return _access_denied_response(service, action, *args, **kwargs)


def _origin(ip, _secure):
    """Plain HTTP on loopback counts as TLS, or each policy of `enforceSSL` would deny everything."""
    return _pin_request_origin(ip, True)


def install() -> None:
    iam_actions.access_denied_response = _denial
    iam_actions.extract_iam_action = _action
    iam_actions.extract_resource_arn = _resource
    ministack.app.pin_request_origin = _origin
