"""The rules' patterns, as EventBridge reads them: whom they let in and whom not, for every case and at every border."""

import json
from functools import cache

import pytest

from conftest import APPS
from local.aws import ROOT
from local.synthesis import synthesise

ACCOUNT = "111122223333"

# Which rule lets the events of a detail type in.
RULES = {
    "GuardDuty Finding": "GuardDutyFindings",
    "GuardDuty Malware Protection Object Scan Result": "GuardDutyMalwareObjects",
    "GuardDuty Malware Protection Post Scan Action Failed": "GuardDutyProtection",
    "GuardDuty Malware Protection Resource Status Warning": "GuardDutyProtection",
    "GuardDuty Malware Protection Resource Status Error": "GuardDutyProtection",
    "GuardDuty Malware Protection Resource Status Active": "GuardDutyProtection",
    "GuardDuty Runtime Protection Unhealthy": "GuardDutyProtection",
    "GuardDuty Runtime Protection Healthy": "GuardDutyProtection",
    "Security Hub Findings - Imported": "SecurityHubFindings",
    "Security Hub Findings - Custom Action": "SecurityHubCustomActions",
    "Security Hub Insight Results": "SecurityHubCustomActions",
    "Findings Imported V2": "SecurityHubV2Findings",
    "Inspector2 Finding": "InspectorFindings",
    "Macie Finding": "MacieFindings",
    "Access Analyzer Finding": "AccessAnalyzerFindings",
    "Internal Access Finding": "AccessAnalyzerFindings",
    "Unused Access Finding for IAM entities": "AccessAnalyzerFindings",
    "Config Rules Compliance Change": "ConfigComplianceChanges",
    "AWS Health Abuse Event": "HealthAbuse",
    "AWS Health Event": "HealthRisks",
    "Trusted Advisor Check Item Refresh Notification": "TrustedAdvisorCheckItems",
    "Sign-in Anomaly Alert": "SignInAnomalies",
    "AWS Console Sign In via CloudTrail": "SignInRoot",
    "Case Created": "SecurityIncidentResponseCases",
    "Case Updated": "SecurityIncidentResponseCases",
    "Case Closed": "SecurityIncidentResponseCases",
    "Case Comment Added": "SecurityIncidentResponseAnswers",
    "Membership Cancelled": "SecurityIncidentResponseMemberships",
}

# The cases that no rule lets in where a route takes all severities and every source is listened to, and why.
KEPT_OUT = {
    "config-rule-of-security-hub": "Security Hub tells the control",
    "guardduty-clean-object": "nothing was found in it",
    "ocsf-guardduty-closed": "GuardDuty tells it itself",
    "ocsf-guardduty-same-as-native": "GuardDuty tells it itself",
    "ocsf-vulnerability-same-as-native": "Inspector tells it itself",
    "securityhub-attack-sequence": "GuardDuty tells it itself",
    "securityhub-guardduty-same-as-native": "GuardDuty tells it itself",
}

# The cases that no rule lets in where no route goes below HIGH, and their severity.
BELOW_HIGH = {
    "access-analyzer-unused-key": "LOW",
    "access-analyzer-unused-role-deleted": "LOW",
    "config-own-rule": "MEDIUM",
    "config-public-bucket": "MEDIUM",
    "config-public-bucket-mended": "MEDIUM, as it was open",
    "guardduty-console-sign-in": "MEDIUM",
    "guardduty-kubernetes-anonymous": "MEDIUM",
    "guardduty-ssh-brute-force": "LOW",
    "inspector-network-path": "MEDIUM",
}

# The cases that come by the rule for the closes of controls there.
CLOSES = {"securityhub-control-passed"}


@pytest.fixture(scope="module")
def let_in(aws):
    """The rules of a stack that let an event in."""
    assembly = synthesise(APPS / "every-source.ts")
    client = aws.client("events", ACCOUNT)

    @cache
    def patterns(stack: str) -> dict[str, str]:
        resources = json.loads((assembly / f"{stack}.template.json").read_text())["Resources"]
        rules = {id: found["Properties"] for id, found in resources.items() if found["Type"] == "AWS::Events::Rule"}
        return {id.removeprefix("Advisor")[:-8]: json.dumps(rule["EventPattern"]) for id, rule in rules.items()}

    def let_in(stack: str, event: dict) -> list[str]:
        text = json.dumps(envelope() | event)
        return [
            rule
            for rule, pattern in patterns(stack).items()
            if client.test_event_pattern(EventPattern=pattern, Event=text)["Result"]
        ]

    return let_in


def envelope() -> dict:
    """What every event has."""
    return {
        "version": "0",
        "id": "5b1c2f0e-93a4-4d8e-9b37-e5f0a1c2d364",
        "account": ACCOUNT,
        "time": "2026-11-23T16:41:02Z",
        "region": "ap-northeast-1",
        "resources": [],
    }


def cases() -> dict[str, dict]:
    """The events of all cases, as far as a rule can see them."""
    found = {}
    for path in sorted(ROOT.glob("cases/*/1-event.*")):
        try:
            event = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        if isinstance(event, dict) and isinstance(event.get("detail"), dict) and "source" in event:
            found[path.parent.name] = event
    return found


@pytest.mark.parametrize("name", cases())
def test_each_case_comes_by_one_rule_and_one_that_nobody_knows_by_none(let_in, name):
    event = cases()[name]
    v2 = "V2At" if event["detail-type"] == "Findings Imported V2" else ""
    known = event["source"].startswith("aws.") and event["detail-type"] in RULES
    rule = [RULES[event["detail-type"]]] if known and name not in KEPT_OUT else []
    assert let_in(f"{v2}INFORMATIONAL", event) == rule, "or is it one of KEPT_OUT?"
    if name in CLOSES:
        rule = [rule[0].replace("Findings", "ControlCloses")]
    assert let_in(f"{v2}HIGH", event) == ([] if name in BELOW_HIGH else rule), "or is it one of BELOW_HIGH or CLOSES?"


def test_each_case_that_is_named_exists():
    assert KEPT_OUT.keys() | BELOW_HIGH.keys() | CLOSES <= cases().keys()


def of(source: str, detail_type: str, **detail) -> dict:
    return {"source": f"aws.{source}", "detail-type": detail_type, "detail": detail}


def guardduty(severity: float) -> dict:
    return of("guardduty", "GuardDuty Finding", severity=severity, service={"archived": False})


@pytest.mark.parametrize(
    ("severity", "bands"),
    [
        (0.5, ["INFORMATIONAL"]),
        (1, ["INFORMATIONAL", "LOW"]),
        (3.9, ["INFORMATIONAL", "LOW"]),
        (4, ["INFORMATIONAL", "LOW", "MEDIUM"]),
        (6.9, ["INFORMATIONAL", "LOW", "MEDIUM"]),
        (7, ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH"]),
        (8.95, ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH"]),
        (9, ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"]),
        (10, ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"]),
    ],
)
def test_guarddutys_number_is_let_in_at_its_borders(let_in, severity, bands):
    all_bands = ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"]
    assert [band for band in all_bands if let_in(band, guardduty(severity))] == bands


def imported(label: str, product: str = "aws/securityhub", **finding) -> dict:
    product_arn = f"arn:aws:securityhub:ap-northeast-1::product/{product}"
    finding = {"ProductArn": product_arn, "Severity": {"Label": label}, **finding}
    return of("securityhub", "Security Hub Findings - Imported", findings=[finding])


def imported_v2(severity_id: int, product: str | None = "aws/securityhub", **finding) -> dict:
    uid = {"uid": f"arn:aws:securityhub:ap-northeast-1::productv2/{product}"} if product else {}
    finding = {"metadata": {"product": {"name": "GuardDuty", **uid}}, "severity_id": severity_id, **finding}
    return of("securityhub", "Findings Imported V2", findings=[finding])


def compliance(new: str, old: str | None, rule: str = "s3-bucket-ssl") -> dict:
    results = {"newEvaluationResult": {"complianceType": new}, "oldEvaluationResult": old and {"complianceType": old}}
    detail = {"messageType": "ComplianceChangeNotification", "configRuleName": rule, **results}
    return of("config", "Config Rules Compliance Change", **detail)


def sign_in(user_type: str) -> dict:
    detail = {"userIdentity": {"type": user_type}, "responseElements": {"ConsoleLogin": "Success"}}
    return of("signin", "AWS Console Sign In via CloudTrail", **detail)


def inspector(severity: str, status: str = "ACTIVE") -> dict:
    return of("inspector2", "Inspector2 Finding", severity=severity, status=status)


def macie(word: str, archived: bool = False) -> dict:
    return of("macie", "Macie Finding", severity={"description": word, "score": 3}, archived=archived)


def scan(status: str) -> dict:
    result = {"scanResultStatus": status, "threats": None}
    return of("guardduty", "GuardDuty Malware Protection Object Scan Result", scanResultDetails=result)


def trusted_advisor(status: str) -> dict:
    return of("trustedadvisor", "Trusted Advisor Check Item Refresh Notification", status=status)


PASSED = {"Compliance": {"Status": "PASSED"}}
PASSED_V2 = {"compliance": {"status_id": 1}}

# Event, stack, and the rules that let it in.
BORDERS = {
    "an archived finding of GuardDuty": (of("guardduty", "GuardDuty Finding", severity=8, service={"archived": True}), "HIGH", ["GuardDutyFindings"]),
    "a number as text": (of("guardduty", "GuardDuty Finding", severity="8"), "HIGH", []),
    "an object with malware": (scan("THREATS_FOUND"), "HIGH", ["GuardDutyMalwareObjects"]),
    "an object without": (scan("NO_THREATS_FOUND"), "INFORMATIONAL", []),
    "protection that is up again": (of("guardduty", "GuardDuty Runtime Protection Healthy"), "HIGH", ["GuardDutyProtection"]),
    "a control at MEDIUM": (imported("MEDIUM"), "HIGH", []),
    "a control at HIGH": (imported("HIGH"), "HIGH", ["SecurityHubFindings"]),
    "a control at HIGH for CRITICAL only": (imported("HIGH"), "CRITICAL", []),
    "a control that passes": (imported("INFORMATIONAL", **PASSED), "HIGH", ["SecurityHubControlCloses"]),
    "a control that passes where all is told": (imported("INFORMATIONAL", **PASSED), "INFORMATIONAL", ["SecurityHubFindings"]),
    "an archived finding of Security Hub": (imported("HIGH", RecordState="ARCHIVED"), "HIGH", ["SecurityHubFindings"]),
    "a finding without a product": (of("securityhub", "Security Hub Findings - Imported", findings=[{"Severity": {"Label": "HIGH"}}]), "HIGH", ["SecurityHubFindings"]),
    "Inspector's by Security Hub too": (imported("CRITICAL", "aws/inspector"), "HIGH", []),
    "Inspector's by Security Hub only": (imported("CRITICAL", "aws/inspector"), "HubAlone", ["SecurityHubFindings"]),
    "a partner's with a borrowed name": (imported("HIGH", "partner/scanner", ProductName="GuardDuty"), "HIGH", ["SecurityHubFindings"]),
    "Firewall Manager's, which has no way of its own": (imported("HIGH", "aws/firewall-manager"), "HIGH", ["SecurityHubFindings"]),
    "a custom action": (of("securityhub", "Security Hub Findings - Custom Action", findings=[{"Severity": {"Label": "LOW"}}]), "CRITICAL", ["SecurityHubCustomActions"]),
    "an insight": (of("securityhub", "Security Hub Insight Results"), "CRITICAL", ["SecurityHubCustomActions"]),
    "V2 at Medium": (imported_v2(3), "V2AtHIGH", []),
    "V2 at High": (imported_v2(4), "V2AtHIGH", ["SecurityHubV2Findings"]),
    "V2 at Fatal": (imported_v2(6), "V2AtHIGH", ["SecurityHubV2Findings"]),
    "V2 rated by the vendor only": (imported_v2(99), "V2AtHIGH", ["SecurityHubV2Findings"]),
    "V2 that closes while its status says New": (imported_v2(4, activity_id=3, status_id=1), "V2AtHIGH", ["SecurityHubV2Findings"]),
    "a control of V2 that passes": (imported_v2(1, **PASSED_V2), "V2AtHIGH", ["SecurityHubV2ControlCloses"]),
    "GuardDuty's by V2 too": (imported_v2(5, "aws/guardduty"), "V2AtHIGH", []),
    "GuardDuty's by V2 only": (imported_v2(5, "aws/guardduty"), "HubV2Alone", ["SecurityHubV2Findings"]),
    "V2 without a product": (imported_v2(5, None), "V2AtHIGH", ["SecurityHubV2Findings"]),
    "Security Hub's first version beside V2": (imported("CRITICAL"), "V2AtHIGH", []),
    "V2 beside the first version": (imported_v2(5), "HIGH", []),
    "Inspector at MEDIUM": (inspector("MEDIUM"), "HIGH", []),
    "Inspector at HIGH": (inspector("HIGH"), "HIGH", ["InspectorFindings"]),
    "Inspector closed": (inspector("HIGH", "CLOSED"), "HIGH", ["InspectorFindings"]),
    "Inspector untriaged": (inspector("UNTRIAGED"), "CRITICAL", ["InspectorFindings"]),
    "Macie at Medium": (macie("Medium"), "HIGH", []),
    "Macie at High": (macie("High"), "HIGH", ["MacieFindings"]),
    "Macie in capitals, which it never writes": (macie("HIGH"), "HIGH", []),
    "Macie archived": (macie("High", archived=True), "HIGH", ["MacieFindings"]),
    "access from outside": (of("access-analyzer", "Access Analyzer Finding", isPublic=False), "HIGH", ["AccessAnalyzerFindings"]),
    "access from outside that is deleted": (of("access-analyzer", "Access Analyzer Finding", isDeleted=True), "HIGH", ["AccessAnalyzerFindings"]),
    "access from inside": (of("access-analyzer", "Internal Access Finding"), "HIGH", []),
    "unused access at MEDIUM": (of("access-analyzer", "Unused Access Finding for IAM entities"), "MEDIUM", []),
    "unused access at LOW": (of("access-analyzer", "Unused Access Finding for IAM entities"), "LOW", ["AccessAnalyzerFindings"]),
    "a preview of access": (of("access-analyzer", "Access Preview State Change"), "INFORMATIONAL", []),
    "a rule that is broken": (compliance("NON_COMPLIANT", "COMPLIANT"), "MEDIUM", ["ConfigComplianceChanges"]),
    "a new resource that breaks a rule": (compliance("NON_COMPLIANT", None), "MEDIUM", ["ConfigComplianceChanges"]),
    "a rule that is broken, for HIGH": (compliance("NON_COMPLIANT", None), "HIGH", []),
    "a rule that is kept again": (compliance("COMPLIANT", "NON_COMPLIANT"), "MEDIUM", ["ConfigComplianceChanges"]),
    "a resource that is gone": (compliance("NOT_APPLICABLE", "NON_COMPLIANT"), "MEDIUM", ["ConfigComplianceChanges"]),
    "a new resource that keeps a rule": (compliance("COMPLIANT", None), "INFORMATIONAL", []),
    "a rule of Security Hub's": (compliance("NON_COMPLIANT", None, "securityhub-s3-bucket-ssl-1a2b3c"), "INFORMATIONAL", []),
    "abuse": (of("health", "AWS Health Abuse Event", service="ABUSE"), "HIGH", ["HealthAbuse"]),
    "a risk": (of("health", "AWS Health Event", service="RISK"), "HIGH", ["HealthRisks"]),
    "an event for security people": (of("health", "AWS Health Event", service="EC2", personas=["SECURITY"]), "HIGH", ["HealthRisks"]),
    "abuse, for CRITICAL": (of("health", "AWS Health Abuse Event", service="ABUSE"), "CRITICAL", []),
    "an operational event": (of("health", "AWS Health Event", service="EC2"), "INFORMATIONAL", []),
    "a yellow check": (trusted_advisor("WARN"), "HIGH", []),
    "a red check": (trusted_advisor("ERROR"), "HIGH", ["TrustedAdvisorCheckItems"]),
    "a green check": (trusted_advisor("OK"), "HIGH", ["TrustedAdvisorCheckItems"]),
    "a blue check": (trusted_advisor("INFO"), "INFORMATIONAL", []),
    "a root sign-in": (sign_in("Root"), "CRITICAL", ["SignInRoot"]),
    "a user's sign-in": (sign_in("IAMUser"), "INFORMATIONAL", []),
    "a sign-in that is odd": (of("signin", "Sign-in Anomaly Alert"), "CRITICAL", ["SignInAnomalies"]),
    "a case": (of("security-ir", "Case Created", caseId="1234567890"), "CRITICAL", ["SecurityIncidentResponseCases"]),
    "an answer of AWS on a case": (of("security-ir", "Case Comment Added", updatedBy="AWS Responder"), "CRITICAL", ["SecurityIncidentResponseAnswers"]),
    "a comment of one's own": (of("security-ir", "Case Comment Added", updatedBy="arn:aws:iam::111122223333:user/a"), "INFORMATIONAL", []),
    "a membership that ends": (of("security-ir", "Membership Cancelled"), "CRITICAL", ["SecurityIncidentResponseMemberships"]),
}


@pytest.mark.parametrize("name", BORDERS)
def test_a_border_is_where_it_is_said_to_be(let_in, name):
    event, stack, rules = BORDERS[name]
    assert let_in(stack, event) == rules


def test_every_rule_lets_something_in(let_in):
    heard = {rule for event, stack, _ in BORDERS.values() for rule in let_in(stack, event)}
    assert heard == set(RULES.values()) | {"SecurityHubControlCloses", "SecurityHubV2ControlCloses"}
