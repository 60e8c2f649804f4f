"""Each fault rings its alarm, and no other: over the deployed alarms, with what the real handler did."""

import json

import pytest

import findings
from cloudwatch import ringing, section_of
from local.aws import REGION, wait_for
from members import Member

BACK_SOON = 4
ORGANIZATION = "o-a1b2c3d4e5"
REFUSED = {"error": "InternalError", "status": 500}


def nothing(deploy, _):
    hub = deploy()
    hub.put_service_event(findings.guardduty())
    hub.invocations_ended()
    assert len(hub.arrived()) == 1
    return ringing(hub)


def one_refusal_that_mends_itself(deploy, _):
    hub = deploy()
    hub.set_visibility_timeout(BACK_SOON)
    hub.aws.add_fault(hub.account, "sns:Publish", times=2, **REFUSED)
    hub.put_service_event(findings.guardduty())
    wait_for("the notification", hub.arrived, seconds=30)
    return ringing(hub)


def a_topic_that_refuses_for_ever(deploy, _):
    hub = deploy()
    hub.set_visibility_timeout(BACK_SOON)
    hub.aws.add_fault(hub.account, "sns:Publish", times=0, **REFUSED)
    hub.put_service_event(findings.guardduty())
    wait_for("the dead letter", hub.dead_letters, seconds=60)
    return ringing(hub)


def models_that_refuse(deploy, _):
    hub = deploy()
    hub.aws.add_fault(hub.account, "bedrock:Converse", times=0, error="ThrottlingException", status=429)
    hub.send_as_one_batch(*(findings.body(findings.another(findings.guardduty(), number)) for number in range(5)))
    wait_for("five reports", lambda: len(hub.reports()) == 5, seconds=60)
    return ringing(hub)


def a_ledger_that_refuses(deploy, _):
    hub = deploy()
    hub.remove_grant("dynamodb:UpdateItem")
    hub.put_service_event(findings.guardduty())
    hub.invocations_ended()
    return ringing(hub)


def a_handler_that_dies(deploy, _):
    hub = deploy()
    hub.aws.add_fault(hub.account, "bedrock:Converse", kill=True)
    hub.put_service_event(findings.guardduty())
    hub.invocations_ended()
    hub.stop()
    return ringing(hub)


def a_handler_that_does_not_run(deploy, _):
    hub = deploy()
    hub.stop()
    hub.put_service_event(findings.guardduty())
    assert ringing(hub) == set()
    return ringing(hub, later=16 * 60)


def a_day_that_costs_too_much(deploy, _):
    hub = deploy("every-grant")
    spent = {"inputTokens": 850_000, "outputTokens": 1, "totalTokens": 850_001}
    message = {"role": "assistant", "content": [{"text": "no answer"}]}
    body = {"output": {"message": message}, "stopReason": "end_turn", "usage": spent, "metrics": {"latencyMs": 1}}
    hub.aws.script_bedrock(hub.account, {"body": body})
    hub.send_to_queue(findings.body(findings.guardduty()))
    hub.invocations_ended()
    return ringing(hub) & {"budgetused"}


def a_hub_that_does_not_let_a_member_in(deploy, new_account):
    hub, account = deploy("every-grant"), new_account()
    member = Member(hub, account, REGION)
    member.put_service_event(member.of_this_account(findings.guardduty()))
    assert ringing(hub) == set()
    return ringing(hub, account)


RINGS = {
    nothing: set(),
    one_refusal_that_mends_itself: set(),
    a_topic_that_refuses_for_ever: {"refusednotifications", "untoldfindings"},
    models_that_refuse: {"playbookinsteadofmodels"},
    a_ledger_that_refuses: {"ledgererrors"},
    a_handler_that_dies: {"handlererrors"},
    a_handler_that_does_not_run: {"oldestfinding"},
    a_day_that_costs_too_much: {"budgetused"},
    a_hub_that_does_not_let_a_member_in: {"unforwardedfindings"},
}


@pytest.mark.parametrize("fault", RINGS, ids=lambda fault: fault.__name__)
def test_a_fault_rings_its_alarm_and_no_other(deploy, new_account, fault):
    assert fault(deploy, new_account) == RINGS[fault]


def test_no_alarm_is_without_a_fault_that_rings_it(deploy, new_account):
    hub = deploy("every-grant")
    member = Member(hub, new_account(), REGION)
    alarms = {section_of(alarm) for one in (hub, member) for alarm in hub.aws.alarms(one.account)}
    assert alarms == set().union(*RINGS.values())
    faults = sum(bool(rings) for rings in RINGS.values())
    value = f"{len(alarms)} alarms, {faults} faults, {len(RINGS) - faults} runs that ring nothing"
    promise = {"promise": "each fault rings its alarm and no other", "target": "every alarm has a fault", "value": value}
    print(f"PROMISE {json.dumps(promise)}")
