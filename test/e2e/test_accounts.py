"""Accounts and Regions: a member's finding reaches the hub, is advised, and arrives on the member's own topic; whoever is
outside is refused; and what is wrong in a member is seen by its name, and told to the hub instead."""

import json

import pytest

import findings
from local.aws import REGION, wait_for
from local.deployment import Deployment
from members import Member

ORGANIZATION = "o-a1b2c3d4e5"
ELSEWHERE = "us-east-1"


@pytest.fixture
def roll_out(deploy, new_account):
    """A hub, and what the stack set makes in a member's account and Region."""

    def roll_out(region: str = REGION, organization: str | None = ORGANIZATION) -> tuple[Deployment, Member]:
        account = new_account()
        hub = deploy("organization")
        hub.aws.join(hub.account, ORGANIZATION)
        if organization:
            hub.aws.join(account, organization)
        return hub, Member(hub, account, region)

    return roll_out


def told_to_the_hub(hub: Deployment, member: Member) -> dict:
    """Sends a finding of the member, which the hub's own topic has to tell; returns what became of it on the member's route."""
    member.put_service_event(member.of_this_account(findings.guardduty()))
    hub.invocations_ended()
    (notification,) = hub.arrived()
    assert member.account in notification["text"]
    assert member.inbox.arrived() == []
    (report,) = hub.reports()
    fates = {route["route"]: route for route in report["routes"]}
    assert fates["default"]["fate"] == "told"
    wait_for("an empty queue", hub.queue_is_empty, seconds=20)
    assert hub.dead_letters() == []
    return fates["members"]


@pytest.mark.parametrize("region", [REGION, ELSEWHERE])
def test_a_members_finding_is_advised_by_the_hub_and_arrives_on_the_members_own_topic(roll_out, region):
    hub, member = roll_out(region)
    event = member.of_this_account(findings.guardduty())
    deliveries = member.put_service_event(event)
    assert [delivery["refused"] for delivery in deliveries] == [False, False], "to the hub's bus, and to its queue"
    (invocation,) = hub.invocations_ended()
    (record,) = invocation["records"]
    came = json.loads(record["body"])
    assert (came["account"], came["region"], came["detail"]) == (member.account, region, event["detail"])
    (notification,) = member.inbox.arrived()
    assert member.account in notification["text"] and region in notification["text"]
    assert hub.arrived() == [], "the default route heard it too"
    (report,) = hub.reports()
    assert [(one["origin"], one["rules"]) for one in report["advice"]] == [("model", [])]
    assert [route["route"] for route in report["routes"] if route["fate"] == "told"] == ["members"]
    assert hub.aws.denied(hub.account) == [] == member.dead_letters()


@pytest.mark.parametrize("organization", [None, "o-b2c3d4e5f6"])
def test_an_account_outside_the_organization_is_refused_and_keeps_its_finding_in_its_dead_letter_queue(
    roll_out, organization
):
    hub, outsider = roll_out(organization=organization)
    event = outsider.of_this_account(findings.guardduty())
    (delivery,) = outsider.put_service_event(event)
    assert delivery["refused"]
    assert hub.invocations() == [] and hub.queue_is_empty()
    ((code, body),) = outsider.dead_letters()
    assert code == "NO_PERMISSIONS"
    assert json.loads(body)["detail"] == event["detail"]


def test_a_member_cannot_send_a_source_that_the_hub_does_not_listen_to(roll_out):
    hub, member = roll_out()
    events = member.client("events")
    events.put_rule(Name="of-its-own", EventPattern=json.dumps({"source": ["aws.health"]}))
    target = {"Id": "hub", "Arn": member.hub_bus, "RoleArn": member.role_arn}
    events.put_targets(Rule="of-its-own", Targets=[target])
    event = {**findings.guardduty(), "source": "aws.health", "detail-type": "AWS Health Abuse Event"}
    (delivery,) = member.put_service_event(event)
    assert delivery["error"] == "NO_PERMISSIONS"
    assert hub.queue_is_empty()


def test_a_forwarder_whose_role_may_not_send_keeps_its_finding(roll_out):
    hub, member = roll_out()
    iam = member.client("iam")
    (policy,) = iam.list_role_policies(RoleName=member.role)["PolicyNames"]
    iam.delete_role_policy(RoleName=member.role, PolicyName=policy)
    (delivery,) = member.put_service_event(member.of_this_account(findings.guardduty()))
    assert delivery["error"] == "NO_PERMISSIONS"
    assert len(member.dead_letters()) == 1
    assert hub.queue_is_empty()


def test_a_hub_without_its_bus_is_seen_by_name(roll_out):
    hub, member = roll_out()
    hub.client("events").delete_event_bus(Name=member.hub_bus.rpartition("/")[2])
    (delivery,) = member.put_service_event(member.of_this_account(findings.guardduty()))
    assert delivery["error"] == "NO_RESOURCE"
    assert len(member.dead_letters()) == 1


def test_a_members_topic_that_is_missing_is_seen_by_name_and_told_to_the_hub(roll_out):
    hub, member = roll_out()
    member.client("sns").delete_topic(TopicArn=member.topic)
    refused = told_to_the_hub(hub, member)
    assert (refused["fate"], refused["reason"]) == ("rerouted", "NotFound")


def test_a_topic_whose_policy_does_not_let_the_hub_in_is_seen_by_name_and_told_to_the_hub(roll_out):
    hub, member = roll_out()
    member.client("sns").set_topic_attributes(TopicArn=member.topic, AttributeName="Policy", AttributeValue="")
    refused = told_to_the_hub(hub, member)
    assert (refused["fate"], refused["reason"]) == ("rerouted", "AuthorizationError")
    assert hub.aws.denied(hub.account) == ["sns:Publish"]


def test_a_role_whose_grant_of_the_topic_is_missing_is_seen_by_name_and_told_to_the_hub(roll_out):
    hub, member = roll_out()
    hub.remove_grant("sns:Publish", resource="arn:aws:sns:*:*:finding-advisor")
    refused = told_to_the_hub(hub, member)
    assert (refused["fate"], refused["reason"]) == ("rerouted", "AuthorizationError")
    assert hub.aws.denied(hub.account) == ["sns:Publish"]


def test_a_topic_with_a_key_that_does_not_let_the_hub_in_is_seen_by_name_and_told_to_the_hub(roll_out):
    hub, member = roll_out()
    key = member.client("kms").create_key()["KeyMetadata"]["KeyId"]
    member.client("sns").set_topic_attributes(
        TopicArn=member.topic, AttributeName="KmsMasterKeyId", AttributeValue=key
    )
    refused = told_to_the_hub(hub, member)
    assert (refused["fate"], refused["reason"]) == ("rerouted", "KMSAccessDenied")


def test_two_members_hear_of_themselves_alone(roll_out, new_account):
    hub, one = roll_out()
    account = new_account()
    hub.aws.join(account, ORGANIZATION)
    other = Member(hub, account, REGION)
    for number, member in enumerate((one, other), 1):
        member.put_service_event(member.of_this_account(findings.another(findings.guardduty(), number)))
    wait_for("both", lambda: len(hub.reports()) == 2 and hub.queue_is_empty(), seconds=30)
    for member in (one, other):
        (notification,) = member.inbox.arrived()
        assert member.account in notification["text"]
    assert hub.arrived() == []
