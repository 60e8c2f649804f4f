"""`finding-advisor doctor`: finds nothing wrong where nothing is, and each thing that is, by its place."""

import json
import subprocess

import pytest

import command

KINDS = {
    "rest": "topic",
    "topic": "topic",
    "chat": "topic",
    "mail": "mail",
    "slack": "slack",
    "hook": "secret",
    "backlog": "backlog",
    "jira": "jira",
}


@pytest.fixture
def hub(deploy, services):
    """A hub with every channel, in which nothing is wrong."""
    hub = deploy("every-channel")
    hub.customer = services.customer(hub.account)
    hub.set_secrets(hub.customer.secrets)
    hub.verify_identity("example.com")
    return hub


@pytest.fixture
def doctor(hub, services, tmp_path):
    """What the command says of the hub, after some changes of its configuration: the code it ends with, and its lines."""

    def doctor(*arguments, **changes) -> tuple[int, list[dict]]:
        config = tmp_path / "config.json"
        config.write_text(json.dumps(hub.config | changes))
        ran = run("--config", config, "--output", "json", *arguments)
        assert ran.stderr == ""
        return ran.returncode, [json.loads(line) for line in ran.stdout.splitlines()]

    def run(*arguments) -> subprocess.CompletedProcess:
        return command.run("doctor", *arguments, aws=hub.aws, account=hub.account, environment=services.environment)

    return doctor


def wrong(lines: list[dict]) -> dict[tuple[str, str], str]:
    return {(line["code"], line["place"]): line["says"] for line in lines if line["level"] != "ok"}


def test_nothing_is_wrong_where_nothing_is_and_nobody_is_sent_anything(hub, doctor):
    code, lines = doctor()
    assert wrong(lines) == {}
    assert code == 0
    looked = [(line["code"], line["place"]) for line in lines]
    assert looked[:2] == [("route", "all"), ("ledger", hub.config["ledgerTable"])]
    models = [("model", model) for model in hub.config["models"]]
    assert looked[2 : 2 + len(models)] == models
    assert {place: code for code, place in looked[2 + len(models) :]} == KINDS
    assert hub.arrived() == [] == hub.aws.mails(hub.account)
    assert hub.customer.slack.messages == [] == hub.customer.backlog.issues == hub.customer.jira.issues


def test_a_model_that_refuses_and_one_that_answers_badly_are_told_apart(hub, doctor):
    first, second, *_ = hub.config["models"]
    hub.aws.script_bedrock(
        hub.account,
        {"error": "AccessDeniedException", "status": 403, "model": first},
        {"answer": {"advice": "reboot"}, "model": second},
    )
    code, lines = doctor()
    levels = {line["place"]: line["level"] for line in lines if line["code"] == "model"}
    assert (levels[first], levels[second]) == ("problem", "warning")
    (line,) = [line for line in lines if line["place"] == first]
    assert line["says"] == "denied" and "bedrock:InvokeModel" in line["mend"]
    assert code == 1


def test_what_is_gone_is_named_with_its_place(hub, doctor):
    hub.client("sns").delete_topic(TopicArn=hub.topics["chat"])
    hub.client("secretsmanager").delete_secret(SecretId="slack-hook", ForceDeleteWithoutRecovery=True)
    hub.client("sesv2").delete_email_identity(EmailIdentity="example.com")
    hub.customer.refuse("jira", contains="/project/", status=404, body={})
    code, lines = doctor(ledgerTable="another")
    assert code == 1
    assert set(wrong(lines)) == {
        ("ledger", "another"),
        ("topic", "chat"),
        ("secret", "hook"),
        ("mail", "mail"),
        ("jira", "jira"),
    }
    assert "status 404" in wrong(lines)["jira", "jira"]
    assert all(line["mend"] for line in lines if line["level"] != "ok")


def test_a_token_that_slack_does_not_know_is_told_in_slacks_word(hub, doctor):
    hub.client("secretsmanager").put_secret_value(SecretId="slack-bot", SecretString="xoxb-revoked")
    code, lines = doctor()
    assert code == 1
    assert wrong(lines) == {("slack", "slack"): "invalid_auth"}
    assert "xoxb-revoked" not in json.dumps(lines)


def test_an_account_in_the_sandbox_of_ses_is_a_warning(hub, doctor):
    hub.client("sesv2").put_account_details(
        MailType="TRANSACTIONAL", WebsiteURL="https://example.com", ProductionAccessEnabled=False
    )
    code, lines = doctor()
    assert code == 0
    assert "sandbox" in wrong(lines)["mail", "mail"]


def test_routes_that_never_tell_and_severities_that_reach_nobody_need_no_aws(tmp_path):
    route = {"language": "en", "channel": {"kind": "topic", "topicArn": "arn:aws:sns:eu-west-1:111122223333:a"}}
    config = {
        "ledgerTable": "ledger",
        "queueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/queue",
        "models": ["any"],
        "defaultRoute": {**route, "name": "default", "minimumSeverity": "CRITICAL"},
        "routes": [
            {**route, "name": "vain", "minimumSeverity": "HIGH", "match": {"severities": ["LOW"]}},
            {**route, "name": "self", "minimumSeverity": "MEDIUM", "match": {"accounts": ["111122223333"]}, "except": {"accounts": ["111122223333"]}},
            {**route, "name": "team", "minimumSeverity": "MEDIUM", "match": {"accounts": ["111122223333"]}},
        ],
    }
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config))
    ran = command.run("doctor", "--offline", "--config", file, "--output", "json")
    assert (ran.returncode, ran.stderr) == (1, "")
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(line["level"], line["code"], line["place"]) for line in lines] == [
        ("problem", "route", "vain"),
        ("problem", "route", "self"),
        ("warning", "severity", "MEDIUM"),
        ("warning", "severity", "HIGH"),
    ]


def test_a_configuration_that_is_none_is_refused(tmp_path):
    file = tmp_path / "config.json"
    file.write_text("{}")
    ran = command.run("doctor", "--config", file)
    assert ran.returncode == 2
    assert "HANDLER_CONFIG" in ran.stderr
