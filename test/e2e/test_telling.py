"""What is told, to whom, and how often: over the deployed template, with the real handler."""

import json
import re

import findings
from local.aws import wait_for

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def routes_of(deployment) -> dict[str, list[dict]]:
    """What arrived since the last look, by route."""
    names = {topic: name for name, topic in deployment.topics.items()}
    arrived: dict[str, list[dict]] = {name: [] for name in names.values()}
    for notification in deployment.arrived():
        arrived[names[notification["topic"]]].append(notification)
    return arrived


def all_is_done(deployment) -> None:
    wait_for("an empty queue", deployment.queue_is_empty, seconds=20)
    assert deployment.dead_letters() == []


def test_a_finding_reaches_readers_of_both_languages_with_advice(deploy):
    deployment = deploy("two-languages")
    deliveries = deployment.put_service_event(findings.guardduty())
    assert [delivery["refused"] for delivery in deliveries] == [False]
    deployment.invocations_ended()
    arrived = routes_of(deployment)
    assert {name: len(notifications) for name, notifications in arrived.items()} == {"rest": 0, "japanese": 1, "english": 1}
    japanese, english = arrived["japanese"][0], arrived["english"][0]
    for notification in (japanese, english):
        assert notification["subject"].isascii()
        assert "HIGH" in notification["subject"]
        assert "i-0a1b2c3d4e5f60718" in notification["text"]
        assert "ticket-mailer-instance-role" in notification["text"]
        assert not re.search(r"\[[A-Z]\d\]", notification["text"]), "a pseudonym was left in"
    assert JAPANESE.search(japanese["text"])
    assert not JAPANESE.search(english["text"])
    (report,) = deployment.reports()
    assert {(one["language"], one["origin"]) for one in report["advice"]} == {("ja", "model"), ("en", "model")}
    assert [one["rules"] for one in report["advice"]] == [[], []], "the recorded answers no longer fit the facts"
    all_is_done(deployment)


def test_the_default_route_takes_what_no_other_route_takes(deploy):
    deployment = deploy("two-languages")
    event = findings.guardduty()
    event["detail"]["severity"] = 5
    deployment.put_service_event(event)
    deployment.invocations_ended()
    arrived = routes_of(deployment)
    assert {name: len(notifications) for name, notifications in arrived.items()} == {"rest": 1, "japanese": 0, "english": 0}


def test_a_new_finding_costs_one_question_a_language_one_message_a_route_and_few_ledger_calls(deploy):
    deployment = deploy("two-languages")
    deployment.put_service_event(findings.guardduty())
    deployment.invocations_ended()
    actions = [request["action"] for request in deployment.aws.requests(deployment.account)]
    assert actions.count("bedrock:Converse") == 2
    assert actions.count("sns:Publish") == 2
    # Recall, claim, the account's name (once a process), and one record a route; for each language, reserving the answer and
    # keeping it. The first finding that a process tells on a route in a minute is not counted.
    assert sum(action.startswith("dynamodb:") for action in actions) == 9


def test_a_failed_control_is_told_with_advice(deployment):
    deployment.put_service_event(findings.public_bucket())
    deployment.invocations_ended()
    (notification,) = deployment.arrived()
    assert "CRITICAL" in notification["subject"]
    assert "example-campaign-entry-forms" in notification["text"]
    assert "444455556666" in notification["text"]
    (report,) = deployment.reports()
    assert [(one["origin"], one["rules"]) for one in report["advice"]] == [("model", [])]
    all_is_done(deployment)


def test_the_rules_let_no_lower_severity_through(deployment):
    event = findings.guardduty()
    event["detail"]["severity"] = 6.9
    assert deployment.put_service_event(event) == []


def test_an_event_that_nobody_knows_is_told_whole(deployment):
    text = findings.unknown()
    deployment.send_to_queue(text)
    deployment.invocations_ended()
    (notification,) = deployment.arrived()
    event = json.loads(text)
    assert event["detail-type"] in notification["text"]
    assert event["detail"]["message"] in notification["text"]
    (report,) = deployment.reports()
    assert report["Source"] == "envelope"
    all_is_done(deployment)


def test_a_broken_body_is_told_as_it_came(deployment):
    deployment.send_to_queue(findings.broken())
    deployment.invocations_ended()
    (notification,) = deployment.arrived()
    assert "CryptoCurrency:EC2/BitcoinTool.B!DNS" in notification["text"]
    all_is_done(deployment)


def test_every_finding_of_a_custom_action_is_told(deployment):
    bucket = findings.public_bucket()
    credentials = findings.told_by_security_hub(findings.guardduty())
    deliveries = deployment.put_service_event(findings.selected(bucket, credentials))
    assert len(deliveries) == 1
    deployment.invocations_ended()
    texts = [notification["text"] for notification in deployment.arrived()]
    assert len(texts) == 2
    for name in ("example-campaign-entry-forms", "ASIAIOSFODNN7EXAMPLE"):
        assert sum(name in text for text in texts) >= 1
    all_is_done(deployment)


def test_the_same_event_twice_is_told_once(deployment):
    event = findings.guardduty()
    for _ in range(2):
        deployment.put_service_event(event)
        wait_for("an empty queue", deployment.queue_is_empty, seconds=20)
    deployment.invocations_ended(2)
    assert len(deployment.arrived()) == 1
    reasons = [[(route["fate"], route["reason"]) for route in report["routes"]] for report in deployment.reports()]
    assert reasons[0] == [("told", "new")]
    assert reasons[1][0][0] == "held"
    all_is_done(deployment)


def test_one_finding_told_by_guardduty_and_by_security_hub_is_told_once(deploy):
    deployment = deploy("both-ways")
    event = findings.guardduty()
    for way in (event, findings.told_by_security_hub(event)):
        assert len(deployment.put_service_event(way)) == 1
        wait_for("an empty queue", deployment.queue_is_empty, seconds=20)
    deployment.invocations_ended(2)
    assert len(deployment.arrived()) == 1
    first, second = deployment.reports()
    assert (first["Source"], second["Source"]) == ("guardduty", "asff")
    assert first["finding"] == second["finding"]
    all_is_done(deployment)


def test_both_ways_at_once_are_told_once(deploy):
    """Two records of one finding in one batch: one claims it, the other comes back and finds it told."""
    deployment = deploy("both-ways")
    deployment.set_visibility_timeout(4)
    event = findings.guardduty()
    deployment.send_as_one_batch(findings.body(event), findings.body(findings.told_by_security_hub(event)))
    deployment.invocations_ended()
    wait_for("an empty queue", deployment.queue_is_empty, seconds=30)
    assert len(deployment.arrived()) == 1
    assert deployment.dead_letters() == []
