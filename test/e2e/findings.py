"""The events that the tests send: the demo's, and what else they become on their way."""

import copy
import json

from local import events


def guardduty() -> dict:
    """Credentials of an instance used outside AWS; HIGH."""
    return events.one_of_ours(1).event


def public_bucket() -> dict:
    """A Security Hub control that failed; CRITICAL."""
    return events.one_of_ours(2).event


def unknown() -> str:
    return events.one_of_ours(3).text


def broken() -> str:
    return events.one_of_ours(4).text


def another(event: dict, number: int) -> dict:
    """A GuardDuty finding of the same kind with an identity of its own."""
    event = copy.deepcopy(event)
    id = f"{number:032x}"
    event["detail"]["arn"] = event["detail"]["arn"].replace(event["detail"]["id"], id)
    event["detail"]["id"] = id
    return event


def later(event: dict, *, severity: float, archived: bool = False) -> dict:
    """What GuardDuty says of the same finding an hour later."""
    event = copy.deepcopy(event)
    event["detail"]["severity"] = severity
    event["detail"]["updatedAt"] = event["detail"]["updatedAt"].replace("T05:", "T06:")
    event["detail"]["service"]["archived"] = archived
    return event


def hostile() -> dict:
    """A finding of Security Hub whose words and names were written by somebody who means harm: 200 KB of them."""
    event = public_bucket()
    (finding,) = event["detail"]["findings"]
    harm = (
        "<!channel> <@U0123456789> <https://evil.example|Sign in> </script><script>alert(1)</script> <img src=x onerror=alert(1)> "
        '[Sign in](javascript:alert(1)) {code} [[Sign in>https://evil.example]] #image(https://evil.example/x.png) @here "quoted" '
        '=HYPERLINK("https://evil.example") \u202emoc.live\u202c 👨‍👩‍👧‍👦'
    )
    finding["Title"] = f"{harm} {'公開されたバケット' * 1_200}"
    finding["Description"] = f"{harm}\n{'署名してください。👩🏽‍💻' * 4_000}"
    finding["Resources"][0]["Tags"] = {"owner": harm, "note": "あ" * 10_000}
    return event


def told_by_security_hub(event: dict) -> dict:
    """A native GuardDuty event, as Security Hub tells the same finding."""
    detail = event["detail"]
    region, account = detail["region"], detail["accountId"]
    key = detail["resource"]["accessKeyDetails"]
    finding = {
        "SchemaVersion": "2018-10-08",
        "Id": detail["arn"],
        "ProductArn": f"arn:aws:securityhub:{region}::product/aws/guardduty",
        "ProductName": "GuardDuty",
        "CompanyName": "Amazon",
        "Region": region,
        "GeneratorId": detail["arn"].rpartition("/finding/")[0],
        "AwsAccountId": account,
        "Types": ["TTPs/UnauthorizedAccess:IAMUser-InstanceCredentialExfiltration.OutsideAWS"],
        "FirstObservedAt": detail["service"]["eventFirstSeen"],
        "LastObservedAt": detail["service"]["eventLastSeen"],
        "CreatedAt": detail["createdAt"],
        "UpdatedAt": detail["updatedAt"],
        "Severity": {"Product": detail["severity"], "Label": "HIGH", "Normalized": 80},
        "Title": detail["title"],
        "Description": detail["description"],
        "ProductFields": {"aws/guardduty/service/count": str(detail["service"]["count"])},
        "Resources": [{"Type": "AwsIamAccessKey", "Id": f"AWS::IAM::AccessKey:{key['accessKeyId']}", "Region": region}],
        "WorkflowState": "NEW",
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
    }
    return {
        **event,
        "id": "7c1b5f0e-2a64-4d8e-9b37-e5f0a1c2d364",
        "detail-type": "Security Hub Findings - Imported",
        "source": "aws.securityhub",
        "detail": {"findings": [finding]},
    }


def selected(*imported: dict) -> dict:
    """A custom action on the findings of these Security Hub events."""
    first = imported[0]
    action = f"arn:aws:securityhub:{first['region']}:{first['account']}:action/custom/tell"
    return {
        **first,
        "id": "e3a9d7c5-18f2-4b60-8c4d-6a7b9c0d1e2f",
        "detail-type": "Security Hub Findings - Custom Action",
        "resources": [action],
        "detail": {
            "actionName": "Tell the on-call",
            "actionDescription": "Tell the on-call of this finding",
            "findings": [finding for event in imported for finding in event["detail"]["findings"]],
        },
    }


def body(event: dict) -> str:
    """The event as a rule writes it into the queue."""
    return json.dumps(event, ensure_ascii=False)
