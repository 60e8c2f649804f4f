"""Bursts: over the limit of a minute, findings of a route are told as one; what is CRITICAL is not, and nothing is lost."""

from collections import Counter

import findings
from local.aws import wait_for

FINDINGS = 60
CRITICAL = range(0, FINDINGS, 15)
MOST_A_MINUTE = 10  # the construct's default
# Handlers that run at once, MaximumConcurrency of the construct: the first one that each tells is not counted.
HANDLERS = 5
# Seconds until a record comes back, once everything is folded.
BACK_SOON = 4


def burst() -> list[dict]:
    """New findings, all HIGH but the few that are CRITICAL."""
    events = [findings.another(findings.guardduty(), 0xB0000 + number) for number in range(FINDINGS)]
    for number in CRITICAL:
        events[number]["detail"]["severity"] = 9.5
    return events


def id_of(event: dict) -> str:
    return event["detail"]["id"]


def minute_and_fate(report: dict) -> tuple[int, str]:
    (route,) = report["routes"]
    return report["_aws"]["Timestamp"] // 60_000, route["fate"]


def test_sixty_findings_of_a_minute_are_ten_notifications_and_one_of_the_rest(deployment):
    events = burst()
    deployment.send_as_one_batch(*map(findings.body, events))
    wait_for("an empty queue", lambda: len(deployment.reports()) == FINDINGS and deployment.queue_is_empty(), seconds=60)
    alone = [notification["text"] for notification in deployment.arrived()]

    reports = [report for report in deployment.reports() if report["Severity"] != "CRITICAL"]
    fates = Counter(map(minute_and_fate, reports))
    # Of one minute, unless the clock went into the next.
    minutes = {minute for minute, _ in fates}
    assert len(minutes) <= 2
    for minute in minutes:
        assert fates[minute, "told"] <= MOST_A_MINUTE + HANDLERS
    folded = sum(count for (_, fate), count in fates.items() if fate == "folded")
    assert folded >= len(reports) - len(minutes) * (MOST_A_MINUTE + HANDLERS) > 0
    assert len(alone) == FINDINGS - folded

    # Calls that several findings sent at once come while the first is being answered, come back, and find nothing to tell.
    deployment.set_visibility_timeout(BACK_SOON)
    assert deployment.hasten() >= 1
    wait_for("the bursts", lambda: sum(line["findings"] for line in deployment.bursts()) == folded, seconds=30)
    wait_for("an empty queue", deployment.queue_is_empty, seconds=60)
    together = [notification["text"] for notification in deployment.arrived()]
    assert len(together) == len({minute for (minute, fate) in fates if fate == "folded"})

    named = Counter(id_of(event) for event in events for text in (*alone, *together) if id_of(event) in text)
    assert set(named.values()) == {1} and len(named) == FINDINGS, "each is told, and once"
    for number in CRITICAL:
        assert sum(id_of(events[number]) in text for text in alone) == 1, "what is CRITICAL is told by itself"
    assert deployment.dead_letters() == []


def test_a_burst_costs_no_model_and_few_requests_for_what_is_folded(deployment):
    deployment.send_as_one_batch(*map(findings.body, burst()))
    wait_for("an empty queue", lambda: len(deployment.reports()) == FINDINGS and deployment.queue_is_empty(), seconds=60)
    folded = [report for report in deployment.reports() if report["routes"][0]["fate"] == "folded"]
    assert all(report["advice"] == [] for report in folded)
    actions = Counter(request["action"] for request in deployment.aws.requests(deployment.account))
    alone = FINDINGS - len(folded)
    assert actions["bedrock:Converse"] <= alone
    assert actions["sns:Publish"] == alone
    # One call for all of a minute, and one more from each handler that folded before the first call was marked.
    assert 1 <= actions["sqs:SendMessage"] <= 2 * HANDLERS * 10
