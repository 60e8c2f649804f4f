"""`finding-advisor replay`: events and dead letters once more, told to whoever did not hear of them, and to nobody twice."""

import json

import pytest

import command
import findings
from local.aws import wait_for


@pytest.fixture
def replay(deployment):
    """The command, with the credentials of the deployment's account."""

    def replay(*arguments):
        return command.run("replay", *arguments, aws=deployment.aws, account=deployment.account)

    return replay


def all_is_done(deployment) -> None:
    wait_for("an empty queue", deployment.queue_is_empty, seconds=30)


def put_dead_letters(deployment, *bodies: str) -> None:
    for body in bodies:
        deployment.client("sqs").send_message(QueueUrl=deployment.dead_letter_queue, MessageBody=body)


def test_events_of_a_folder_are_told_and_told_once_however_often_they_are_sent(deployment, replay, tmp_path):
    events = [findings.another(findings.guardduty(), number) for number in range(3)]
    tmp_path.joinpath("one.json").write_text(findings.body(events[0]))
    tmp_path.joinpath("two.jsonl").write_text("\n".join(map(findings.body, events[1:])) + "\n")
    tmp_path.joinpath("notes.txt").write_text("no event")
    for round in (1, 2):
        ran = replay(tmp_path, "--queue", deployment.queue)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.splitlines()[-1] == "3 sent, 0 refused"
        deployment.invocations_ended(round)
        all_is_done(deployment)
    assert len(deployment.reports()) == 6
    texts = [notification["text"] for notification in deployment.arrived()]
    assert len(texts) == 3
    for event in events:
        assert sum(event["detail"]["id"] in text for text in texts) == 1


def test_a_dead_letter_is_told_once_what_refused_it_is_mended_and_whoever_knew_hears_nothing(deployment, replay):
    told, untold = (findings.another(findings.guardduty(), number) for number in (1, 2))
    deployment.send_to_queue(findings.body(told))
    deployment.invocations_ended()
    assert len(deployment.arrived()) == 1
    put_dead_letters(deployment, findings.body(untold), findings.body(told))
    ran = replay("--dlq", deployment.dead_letter_queue, "--queue", deployment.queue, "--output", "json")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [line["fate"] for line in lines[:-1]] == ["sent", "sent"]
    assert lines[-1] == {"sent": 2, "refused": 0}
    wait_for("both records", lambda: len(deployment.reports()) == 3, seconds=30)
    all_is_done(deployment)
    (notification,) = deployment.arrived()
    assert untold["detail"]["id"] in notification["text"]
    assert deployment.dead_letters() == []


def test_a_dry_run_says_who_would_be_told_and_leaves_the_dead_letters(deployment, replay):
    letters = [findings.body(findings.guardduty()), findings.broken()]
    put_dead_letters(deployment, *letters)
    ran = replay("--dlq", deployment.dead_letter_queue, "--dry-run", "--language", "en")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "HIGH GuardDuty" in ran.stdout and "default: told (new)" in ran.stdout
    assert sorted(deployment.dead_letters()) == sorted(letters), "they can be seen again at once"
    assert deployment.invocations() == []


def test_what_the_queue_refuses_is_named_and_stays_in_the_dead_letter_queue(deployment, replay):
    letter = findings.body(findings.guardduty())
    put_dead_letters(deployment, letter)
    gone = deployment.queue + "-that-is-gone"
    ran = replay("--dlq", deployment.dead_letter_queue, "--queue", gone)
    assert ran.returncode == 1
    assert "NonExistentQueue" in ran.stdout or "QueueDoesNotExist" in ran.stdout
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    sqs = deployment.client("sqs")
    there = sqs.get_queue_attributes(QueueUrl=deployment.dead_letter_queue, AttributeNames=names)["Attributes"]
    assert sum(map(int, there.values())) == 1


def test_without_credentials_the_reason_is_one_line(tmp_path):
    event = tmp_path / "event.json"
    event.write_text(findings.body(findings.guardduty()))
    ran = command.run("replay", event, "--queue", "https://sqs.ap-northeast-1.amazonaws.com/111122223333/queue")
    assert ran.returncode == 1
    (line, total) = ran.stdout.splitlines()
    assert line.startswith(f"refused {event} ") and "credentials" in line
    assert total == "0 sent, 1 refused"


def test_a_dry_run_of_files_needs_no_aws(tmp_path):
    event = tmp_path / "event.json"
    event.write_text(findings.body(findings.guardduty()))
    ran = command.run("replay", event, "--dry-run", "--language", "en", "--output", "json")
    assert ran.returncode == 0
    (line,) = [json.loads(line) for line in ran.stdout.splitlines()]
    assert line["event"] == str(event)
    assert [route["told"] for route in line["findings"][0]["routes"]] == [True]


@pytest.mark.parametrize("arguments", [[], ["--queue", "https://example.com"], ["event.json"], ["--dlq", "a", "b.json"]])
def test_a_wrong_use_is_said_so(arguments):
    assert command.run("replay", *arguments).returncode == 2
