"""Organizations: which account belongs to which, as policies ask; and whose the role is that a session was made of.

MiniStack knows no members of an organization, and takes the session of a role for its `aws:PrincipalArn`, where AWS has the
role."""

import re

from ministack.core import iam_evaluator

organizations: dict[str, str] = {}  # account -> id of its organization

_resolve_condition_key = iam_evaluator._resolve_condition_key
_SESSION = re.compile(r"arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/.+")


def _resolve(key: str, context):
    match key.lower():
        case "aws:principalorgid":
            return organizations.get(context.principal_account)
        case "aws:resourceorgid":
            owner = context.resource_arn.split(":")[4] if context.resource_arn.count(":") > 4 else ""
            return organizations.get(owner or context.principal_account)
        case "aws:principalarn":
            return _SESSION.sub(r"arn:\1:iam::\2:role/\3", context.principal_arn)
    return _resolve_condition_key(key, context)


def install() -> None:
    iam_evaluator._resolve_condition_key = _resolve
