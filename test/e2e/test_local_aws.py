"""The local AWS itself: that it refuses what AWS refuses, and stops where it cannot be trusted."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import findings
from local.aws import ROOT, LocalAws, LocalAwsError, wait_for
from local.deployment import Deployment
from local.synthesis import synthesise

CALLERS_KEY = "AKIAIOSFODNN7EXAMPLE"
CALLERS_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def stopped_with(change: str) -> str:
    """What the launcher's check says after this change."""
    code = f"from local.launcher import seams\n{change}\nseams.check_version()\nseams.check_names()"
    stderr = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True).stderr
    # What MiniStack logs while it is imported is not what the check says.
    return "\n".join(line for line in stderr.splitlines() if " WARNING [" not in line)


def test_another_version_of_the_emulator_is_refused_in_one_line():
    said = stopped_with("seams.version = lambda _: '1.6.0'")
    assert "expected MiniStack 1.5.33, got 1.6.0" in said
    assert len(said.splitlines()) == 1


def test_a_patched_name_that_is_missing_is_refused_in_one_line():
    said = stopped_with("import ministack.services.eventbridge as bridge\ndel bridge._invoke_target")
    assert "lacks ministack.services.eventbridge._invoke_target" in said
    assert len(said.splitlines()) == 1


def test_a_check_of_the_emulator_that_we_know_says_nothing():
    assert stopped_with("") == ""


def test_a_queue_that_does_not_allow_eventbridge_gets_nothing(deployment):
    queue = {"QueueUrl": deployment.queue, "Attributes": {"Policy": ""}}
    deployment.client("sqs").set_queue_attributes(**queue)
    deliveries = deployment.put_service_event(findings.guardduty())
    assert [delivery["refused"] for delivery in deliveries] == [True]
    assert deployment.queue_is_empty()


def test_the_public_door_takes_no_event_of_a_service(deployment):
    event = findings.guardduty()
    entry = {"Source": event["source"], "DetailType": event["detail-type"], "Detail": json.dumps(event["detail"])}
    answer = deployment.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 1


def processes_below(pid: int) -> dict[int, str]:
    """Children of a process and theirs: id and command."""
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    below, known = {}, {pid}
    while new := [row for row in rows if int(row[1]) in known and int(row[0]) not in known]:
        known |= {int(row[0]) for row in new}
        below |= {int(row[0]): row[2] for row in new}
    return below


class BedrockStub(BaseHTTPRequestHandler):
    """Stands where the real Bedrock would: keeps what it was asked, and gives an answer that no check lets through."""

    asked: list[dict] = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"path": self.path, "authorization": self.headers["Authorization"], "body": body})
        answer = {
            "output": {"message": {"role": "assistant", "content": [{"text": "a sentence and no tool"}]}},
            "stopReason": "end_turn",
            "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
            "metrics": {"latencyMs": 1},
        }
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def bedrock_stub():
    server = ThreadingHTTPServer(("127.0.0.1", 0), BedrockStub)
    BedrockStub.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_real_bedrock_is_asked_with_the_callers_credentials_which_the_handler_never_sees(bedrock_stub, monkeypatch):
    """As far as it goes without an account: up to a Bedrock of our own on loopback."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", CALLERS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CALLERS_SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock_stub)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with LocalAws(real_bedrock=True) as aws:
        deployment = Deployment(aws, "111122223333", synthesise())
        deployment.listen()
        deployment.put_service_event(findings.guardduty())
        deployment.invocations_ended()
        (asked, *_) = BedrockStub.asked
        assert f"Credential={CALLERS_KEY}/" in asked["authorization"]
        assert asked["path"] == f"/model/{deployment.config['models'][0]}/converse"
        (call, *_) = aws.bedrock_calls(deployment.account)
        assert call["origin"] == "bedrock"
        assert asked["body"] == call["request"], "the request was changed on its way"
        assert len(deployment.arrived()) == 1
        handlers = [pid for pid, command in processes_below(aws.pid).items() if "bootstrap" in command]
        assert handlers
        for pid in handlers:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            assert b"AWS_SESSION_TOKEN" in environment, "not the handler's environment"
            assert CALLERS_KEY.encode() not in environment
            assert CALLERS_SECRET.encode() not in environment


def test_the_real_bedrock_without_credentials_is_refused_in_one_line(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(LocalAwsError, match="needs AWS credentials"), LocalAws(real_bedrock=True):
        pass


def test_it_leaves_no_process_behind():
    with LocalAws() as aws:
        deployment = Deployment(aws, "111122223333", synthesise())
        deployment.send_to_queue(findings.unknown())
        deployment.invocations_ended()
        started = {aws.pid, *processes_below(aws.pid)}
        assert len(started) > 1, "no handler was started"
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]


def test_it_ends_with_the_process_that_started_it():
    code = (
        "from local.aws import LocalAws\n"
        "import os\n"
        "with LocalAws() as aws:\n"
        "    print(aws.pid, aws.log, flush=True)\n"
        "    os._exit(0)\n"
    )
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    pid, log = child.stdout.split()
    launcher = Path(f"/proc/{pid}/cmdline")

    def ended():
        try:
            return not launcher.read_bytes()  # a zombie has no command line
        except FileNotFoundError:
            return True

    wait_for("the launcher to end", ended, seconds=15)
    Path(log).unlink()
