"""IAM: what a call is authorised as. MiniStack enforces policies; these are the places where it asks for another action.
What each role asked for is kept, and what was refused: a test reads the missing grant's name there, and the unused ones'."""

import re

import ministack.app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id

# Converse has no IAM action of its own.
ACTIONS = {
    "bedrock:Converse": "bedrock:InvokeModel",
    "bedrock:ConverseStream": "bedrock:InvokeModelWithResponseStream",
}
PROFILE = re.compile(r"arn:([^:]+):bedrock:([^:]*)::foundation-model/((?:us|eu|apac|jp|au|in|global|us-gov)\..+)$")

denied: list[dict] = []  # what IAM refused: account, action, resource
asked: list[dict] = []  # what sessions of roles asked for, each once: account, role, action, resource, allowed

_access_denied_response = iam_actions.access_denied_response
_extract_iam_action = iam_actions.extract_iam_action
_extract_resource_arn = iam_actions.extract_resource_arn
_enforce = iam_evaluator.enforce
_pin_request_origin = ministack.app.pin_request_origin


def _action(*args, **kwargs):
    action = _extract_iam_action(*args, **kwargs)
    return ACTIONS.get(action, action)


def _resource(service, *args, **kwargs):
    """An inference profile is authorised by its own ARN. (The models behind it, too: only the template's test sees that.)"""
    arn = _extract_resource_arn(service, *args, **kwargs)
    profile = PROFILE.match(arn or "")
    if not profile:
        return arn
    partition, region, name = profile.groups()
    return f"arn:{partition}:bedrock:{region}:{get_account_id()}:inference-profile/{name}"


def _denial(service, action, *args, **kwargs):
    denied.append({"account": get_account_id(), "action": action, "resource": kwargs.get("resource_arn")})
    return _access_denied_response(service, action, *args, **kwargs)


def seen(account: str, role: str, action: str, resource: str, allowed: bool) -> None:
    """Keeps what a role asked for."""
    one = {"account": account, "role": role, "action": action, "resource": resource, "allowed": allowed}
    if one not in asked:
        asked.append(one)


def _decision(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    result = _enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
    caller = iam_evaluator.resolve_credential(access_key_id or "", get_account_id())
    if role := iam_evaluator._role_name_from_assumed_arn(getattr(caller, "principal_arn", "")):
        seen(get_account_id(), role, iam_action, resource_arn, result is None)
    return result


def _origin(ip, _secure):
    """Plain HTTP on loopback counts as TLS, or each policy of `enforceSSL` would deny everything."""
    return _pin_request_origin(ip, True)


def install() -> None:
    iam_actions.access_denied_response = _denial
    iam_actions.extract_iam_action = _action
    iam_actions.extract_resource_arn = _resource
    iam_evaluator.enforce = _decision
    ministack.app.pin_request_origin = _origin
