"""The model is never in the way of delivery: whatever it does, the playbook speaks and the notification says why."""

import pytest

import findings

THROTTLED = {"error": "ThrottlingException", "status": 429, "message": "Too many requests"}
DENIED = {"error": "AccessDeniedException", "status": 403, "message": "You don't have access to the model"}

# More turns than the handler can take for three models with their attempts.
MANY = 12


def text_block(text: str) -> dict:
    return {
        "body": {
            "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
            "stopReason": "end_turn",
            "usage": {"inputTokens": 10, "outputTokens": 10, "totalTokens": 20},
            "metrics": {"latencyMs": 1},
        }
    }


def stopped(reason: str) -> dict:
    return {"body": {**text_block("...")["body"], "stopReason": reason}}


def told_by_the_playbook(deployment, why: str) -> str:
    """The one notification that arrived, after the checks that hold for each of these tests."""
    (notification,) = deployment.arrived()
    (report,) = deployment.reports()
    assert [(one["origin"], one["by"]) for one in report["advice"]] == [("playbook", why)]
    assert [route["fate"] for route in report["routes"]] == ["told"]
    assert "i-0a1b2c3d4e5f60718" in notification["text"]
    return notification["text"]


@pytest.mark.parametrize(
    ("turn", "why"),
    [
        pytest.param(THROTTLED, "throttled", id="throttled"),
        pytest.param(DENIED, "denied", id="refusing"),
        pytest.param({"answer": {"advice": "reboot"}}, "rejected", id="rubbish"),
        pytest.param(stopped("guardrail_intervened"), "intervened", id="intervened"),
        pytest.param(stopped("max_tokens"), "stopped", id="cut-off"),
    ],
)
def test_the_playbook_speaks_and_says_why(deployment, turn, why):
    deployment.aws.script_bedrock(deployment.account, *[turn] * MANY)
    deployment.put_service_event(findings.guardduty())
    deployment.invocations_ended()
    told_by_the_playbook(deployment, why)


def test_each_reason_is_said_in_words_of_its_own(deployment):
    """The line that says why is the only one that differs."""
    texts = {}
    turns = {"throttled": THROTTLED, "denied": DENIED, "rejected": {"answer": {}}}
    for number, (why, turn) in enumerate(turns.items(), 1):
        deployment.aws.script_bedrock(deployment.account, *[turn] * MANY)
        deployment.send_to_queue(findings.body(findings.another(findings.guardduty(), number)))
        deployment.invocations_ended(number)
        (notification,) = deployment.arrived()
        texts[why] = set(notification["text"].splitlines())
    for why, lines in texts.items():
        others = set().union(*(texts[other] for other in texts if other != why))
        assert lines - others, f"nothing in the notification says `{why}`"


def test_a_hostile_answer_reaches_nobody(deployment):
    """No link, command or instruction of the model's own gets through, whatever field it stands in."""
    hostile = "直ちに https://login.example.net/verify を開き、aws iam create-access-key を実行してください。"
    evidence = ["f1", "f2"]
    answer = {
        "summary": hostile,
        "impact": hostile,
        "urgency": "planned",
        "urgency_reason": hostile,
        "evidence": evidence,
        "escalate_if": [{"condition": hostile, "urgency": "now", "evidence": evidence}],
        "first": {"text": hostile, "evidence": evidence},
        "steps": [{"do": "other", "target": "none", "text": hostile, "evidence": evidence}],
        "benign": [{"explanation": hostile, "check": hostile, "evidence": evidence}],
        "unknowns": [hostile],
    }
    deployment.aws.script_bedrock(deployment.account, *[{"answer": answer}] * MANY)
    deployment.put_service_event(findings.guardduty())
    deployment.invocations_ended()
    text = told_by_the_playbook(deployment, "rejected")
    assert "login.example.net" not in text
    assert "create-access-key" not in text


def test_the_guardrail_sees_what_the_model_says_and_stops_it(deploy):
    """Converse shows a guardrail no tool's input, so the handler does."""
    guarded = deploy("guarded")
    guarded.put_service_event(findings.guardduty())
    guarded.invocations_ended()
    assert [one["origin"] for one in guarded.reports()[0]["advice"]] == ["model"]
    (assessed,) = guarded.aws.assessed(guarded.account)
    summary = guarded.aws.bedrock_calls(guarded.account)[0]["response"]["output"]["message"]["content"][0]["toolUse"][
        "input"
    ]["summary"]
    assert (assessed["guardrail"], assessed["version"]) == ("0a1b2c3d4e5f", "3")
    assert summary in assessed["text"]
    assert guarded.arrived()


def test_what_the_guardrail_stops_reaches_nobody_and_is_not_asked_again(deploy):
    guarded = deploy("guarded")
    guarded.aws.forbid(guarded.account, "[K1]")
    guarded.put_service_event(findings.guardduty())
    guarded.invocations_ended()
    told_by_the_playbook(guarded, "intervened")
    guarded.send_to_queue(findings.body(findings.another(findings.guardduty(), 1)))
    guarded.invocations_ended(2)
    assert guarded.reports()[1]["advice"][0]["by"] == "asked_before"
    assert len(guarded.aws.bedrock_calls(guarded.account)) == 1


def test_without_the_guardrails_word_the_playbook_speaks(deploy):
    guarded = deploy("guarded")
    guarded.remove_grant("bedrock:ApplyGuardrail")
    guarded.put_service_event(findings.guardduty())
    guarded.invocations_ended()
    told_by_the_playbook(guarded, "unassessed")
    assert guarded.aws.denied(guarded.account) == ["bedrock:ApplyGuardrail"]


def test_a_rejected_answer_is_not_asked_for_again(deployment):
    deployment.aws.script_bedrock(deployment.account, {"answer": {"advice": "reboot"}})
    for number in (1, 2):
        deployment.send_to_queue(findings.body(findings.another(findings.guardduty(), number)))
        deployment.invocations_ended(number)
    assert [report["advice"][0]["by"] for report in deployment.reports()] == ["rejected", "rejected"]
    assert [report["ModelCalls"] for report in deployment.reports()] == [1, 0]
    assert len(deployment.aws.bedrock_calls(deployment.account)) == 1


def test_a_model_slower_than_the_deadline_does_not_hold_the_notification(deployment):
    deployment.set_function_timeout(13)  # leaves the model 3 s
    deployment.aws.script_bedrock(deployment.account, *[{"answer": {}, "delay": 6}] * MANY)
    deployment.put_service_event(findings.guardduty())
    (invocation,) = deployment.invocations_ended(seconds=12)
    assert not invocation["failed"]
    told_by_the_playbook(deployment, "deadline")


def test_a_throttled_model_is_followed_by_the_next(deployment):
    first = deployment.config["models"][0]
    deployment.aws.script_bedrock(deployment.account, *[{**THROTTLED, "model": first}] * MANY)
    deployment.put_service_event(findings.guardduty())
    deployment.invocations_ended()
    assert len(deployment.arrived()) == 1
    (report,) = deployment.reports()
    assert [(one["origin"], one["by"]) for one in report["advice"]] == [("model", deployment.config["models"][1])]
