"""Least privilege: what each role is granted is what its code asks for, no more and no less."""

import json
from fnmatch import fnmatchcase

import findings
from local.aws import REGION, wait_for
from members import Member

FINDINGS = 12

# What a role holds and no call of the code's own shows, and why.
ASKED_BY_AWS = {
    "sqs:ReceiveMessage": "the event source mapping polls in the role's name",
    "sqs:DeleteMessage": "the event source mapping deletes in the role's name",
    "sqs:GetQueueAttributes": "the event source mapping asks how much is waiting",
    "logs:CreateLogStream": "Lambda writes the log in the role's name",
    "logs:PutLogEvents": "Lambda writes the log in the role's name",
    "bedrock:ApplyGuardrail": "Converse applies the guardrail in the role's name",
    "kms:Decrypt": "SQS, DynamoDB, SNS and Secrets Manager use the key in the role's name",
    "kms:DescribeKey": "DynamoDB looks at the table's key in the role's name",
    "kms:Encrypt": "DynamoDB uses the table's key in the role's name",
    "kms:GenerateDataKey*": "SQS and SNS encrypt with the key in the role's name",
    "kms:ReEncrypt*": "DynamoDB changes the table's key in the role's name",
    "secretsmanager:DescribeSecret": "comes with CDK's grantRead(); it shows no value",
    "sqs:ChangeMessageVisibility": "asked for when Slack, Backlog or Jira name a time to wait, which nothing local does",
}


def granted(client, role: str) -> set[str]:
    policies = [
        client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in client.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    assert client.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == [], "managed policies grant too much"
    actions = [statement["Action"] for policy in policies for statement in policy["Statement"]]
    return {action for one in actions for action in ([one] if isinstance(one, str) else one)}


def test_each_role_is_granted_what_its_code_asks_for_and_nothing_else(deploy, new_account):
    hub, account = deploy("every-grant"), new_account()
    hub.set_visibility_timeout(4)
    for one in (hub.account, account):
        hub.aws.join(one, "o-a1b2c3d4e5")
    member = Member(hub, account, REGION)
    events = [findings.another(findings.guardduty(), number) for number in range(FINDINGS)]
    member.put_service_event(events[0])
    hub.invocations_ended()
    hub.send_as_one_batch(*map(findings.body, events[1:]))
    folded = wait_for("a call of a burst", hub.hasten, seconds=30)
    wait_for("the burst", hub.bursts, seconds=30)
    assert folded

    differences, roles, actions, excused = [], 0, 0, 0
    for client, of in ((hub.client("iam"), hub.account), (member.client("iam"), account)):
        for role in [one["RoleName"] for one in client.list_roles()["Roles"]]:
            grants = granted(client, role)
            asked = {one["action"] for one in hub.aws.asked(of) if one["role"] == role}
            roles, actions = roles + 1, actions + len(grants)
            unused = {grant for grant in grants if not any(fnmatchcase(action, grant) for action in asked)}
            excused += len(unused & set(ASKED_BY_AWS))
            differences += [f"{role} is granted {grant} and never asks" for grant in sorted(unused - set(ASKED_BY_AWS))]
            missing = {action for action in asked if not any(fnmatchcase(action, grant) for grant in grants)}
            differences += [f"{role} asks for {action} without a grant" for action in sorted(missing)]
    assert differences == []
    value = f"0 differences: {roles} roles, {actions} actions, of which {excused} are listed as AWS's own calls in their name"
    promise = {"promise": "each role is granted what its code asks for", "target": "0 differences", "value": value}
    print(f"PROMISE {json.dumps(promise)}")
