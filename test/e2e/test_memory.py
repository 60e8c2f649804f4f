"""Remembered answers, in the deployed table. (The day's budget is in test_alarms.py.)"""

import findings


def tell(deployment, number: int) -> dict:
    """Tells another finding of the same kind; returns the handler's log line of it."""
    deployment.send_to_queue(findings.body(findings.another(findings.guardduty(), number)))
    deployment.invocations_ended(number)
    assert len(deployment.arrived()) == 1
    return deployment.reports()[-1]


def test_an_answer_serves_the_next_finding_that_differs_only_in_its_names(deployment):
    first = tell(deployment, 1)
    assert [one["origin"] for one in first["advice"]] == ["model"]
    statuses = {request["status"] for request in deployment.aws.requests(deployment.account)}
    assert statuses == {200}, "the table refused, and nobody noticed"
    second = tell(deployment, 2)
    assert [one["origin"] for one in second["advice"]] == ["remembered"]
    assert len(deployment.aws.bedrock_calls(deployment.account)) == 1
