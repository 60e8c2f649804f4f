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
