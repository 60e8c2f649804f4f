"""Nothing is lost, and nothing is told twice without a crash: what comes back to the queue, and what does not."""

import findings
from local.aws import wait_for

# Seconds until a failed record comes back: longer than a slow machine needs for an invocation, or the record would come back
# while it is being told. Five times that is what the way to the dead-letter queue takes.
BACK_SOON = 4

REFUSED = {"error": "AuthorizationError", "status": 403, "message": "not allowed"}


def shorten(deployment, timeout: int) -> None:
    """A function that times out sooner, and a queue that shows a record again sooner: as in the construct, only after the
    claim of a dead handler ended, which is 10 s after its deadline."""
    deployment.set_function_timeout(timeout)
    deployment.set_visibility_timeout(timeout + 11)


def test_only_the_record_that_a_topic_refuses_comes_back_and_ends_in_the_dead_letter_queue(deployment):
    deployment.set_visibility_timeout(BACK_SOON)
    refused, taken = (findings.body(findings.another(findings.guardduty(), number)) for number in (0xBAD, 0x600D))
    deployment.aws.add_fault(deployment.account, "sns:Publish", contains=f"{0xBAD:032x}", times=0, **REFUSED)
    deployment.send_as_one_batch(refused, taken)
    (first,) = deployment.invocations_ended()[:1]
    ids = {record["body"]: record["id"] for record in first["records"]}
    assert first["answer"] == {"batchItemFailures": [{"itemIdentifier": ids[refused]}]}
    assert wait_for("the dead letter", deployment.dead_letters, seconds=60) == [refused]
    assert len(deployment.arrived()) == 1
    for invocation in deployment.invocations()[1:]:
        assert [record["body"] for record in invocation["records"]] == [refused]
    refusals = [route for report in deployment.reports() for route in report["routes"] if route["fate"] == "refused"]
    assert {route["reason"] for route in refusals} == {"AuthorizationError"}


def test_a_topic_that_recovers_is_told_once(deployment):
    deployment.set_visibility_timeout(BACK_SOON)
    deployment.aws.add_fault(deployment.account, "sns:Publish", times=2, error="InternalError", status=500)
    deployment.put_service_event(findings.guardduty())
    wait_for("an empty queue", lambda: deployment.invocations_ended() and deployment.queue_is_empty(), seconds=60)
    assert len(deployment.arrived()) == 1
    assert deployment.dead_letters() == []


def test_a_handler_killed_between_send_and_record_loses_nothing_and_tells_once_more_at_most(deployment):
    shorten(deployment, timeout=3)
    deployment.aws.add_fault(deployment.account, "dynamodb:UpdateItem", after="sns:Publish", kill=True)
    deployment.put_service_event(findings.guardduty())
    (killed,) = deployment.invocations_ended()
    assert killed["failed"]
    assert len(deployment.arrived()) == 1, "the handler was killed before it sent"
    wait_for("an empty queue", deployment.queue_is_empty, seconds=40)
    assert len(deployment.arrived()) == 1, "at least once means: told again after a crash"
    assert deployment.dead_letters() == []
    deployment.put_service_event(findings.guardduty())
    wait_for("an empty queue", deployment.queue_is_empty, seconds=20)
    assert deployment.arrived() == [], "the second run recorded it"


def test_a_handler_killed_while_it_asks_loses_nothing(deployment):
    shorten(deployment, timeout=11)  # 10 s are kept for sending: the model gets 1 s
    deployment.aws.add_fault(deployment.account, "bedrock:Converse", kill=True)
    deployment.put_service_event(findings.guardduty())
    (killed,) = deployment.invocations_ended()
    assert killed["failed"]
    assert deployment.arrived() == []
    wait_for("an empty queue", deployment.queue_is_empty, seconds=40)
    assert len(deployment.arrived()) == 1
    assert deployment.dead_letters() == []


def test_without_the_grant_of_the_model_the_playbook_speaks(deployment):
    deployment.remove_grant("bedrock:InvokeModel")
    deployment.put_service_event(findings.guardduty())
    deployment.invocations_ended()
    assert set(deployment.aws.denied(deployment.account)) == {"bedrock:InvokeModel"}
    assert len(deployment.arrived()) == 1
    (report,) = deployment.reports()
    assert [(one["origin"], one["by"]) for one in report["advice"]] == [("playbook", "denied")]


def test_without_the_grant_of_the_topic_the_record_comes_back(deployment):
    deployment.set_visibility_timeout(BACK_SOON)
    deployment.remove_grant("sns:Publish")
    deployment.put_service_event(findings.guardduty())
    wait_for("the dead letter", deployment.dead_letters, seconds=60)
    assert set(deployment.aws.denied(deployment.account)) == {"sns:Publish"}
    assert deployment.arrived() == []


def test_without_the_grant_of_the_ledger_the_finding_is_told_all_the_same(deployment):
    deployment.remove_grant("dynamodb:UpdateItem")
    deployment.put_service_event(findings.guardduty())
    deployment.invocations_ended()
    assert "dynamodb:UpdateItem" in deployment.aws.denied(deployment.account)
    assert len(deployment.arrived()) == 1
    (report,) = deployment.reports()
    assert report["ledgerErrors"]


def test_a_ledger_that_does_not_answer_does_not_hold_the_notification(deployment):
    deployment.aws.add_fault(deployment.account, "dynamodb:GetItem", times=0, delay=8)
    deployment.put_service_event(findings.guardduty())
    deployment.invocations_ended(seconds=25)
    assert len(deployment.arrived()) == 1
    (report,) = deployment.reports()
    assert report["ledgerErrors"][0] == "silence"
