"""The local AWS as its users see it: starts and ends the process, opens clients, drives and reads its doors."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

import boto3
from botocore.config import Config

from .services.server import Services

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "local"  # logs, synthesised apps, the zipped handler
REGION = "ap-northeast-1"


class LocalAwsError(Exception):
    """Something that the person at the terminal can read and mend."""


def wait_for(what: str, probe, seconds: float, every: float = 0.05):
    """The first true value of `probe`; an error that names `what` after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise LocalAwsError(f"waited {seconds:g} s for {what}, in vain")
        time.sleep(every)


class LocalAws:
    """The running process. `with LocalAws() as aws:` ends it in any case."""

    def __init__(self, *, real_bedrock: bool = False, services: Services | None = None):
        """`services`: the stubs that the handler finds behind its proxy; without them it reaches nobody but the local AWS."""
        self.port = _free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.log = WORK / f"launcher-{self.port}.log"
        self._real_bedrock = real_bedrock
        self._services = services
        self._process = None

    def __enter__(self):
        WORK.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.launcher"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_for("the local AWS to start", self._is_ready, seconds=60)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_):
        self._stop()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _environment(self) -> dict[str, str]:
        """As little as possible: the handler inherits it. The caller's credentials go along only to ask the real Bedrock,
        and the launcher takes them out before anything else."""
        kept = {"PATH", "HOME", "TMPDIR", "LANG", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "NO_PROXY"}
        environment = {
            name: value
            for name, value in os.environ.items()
            if name in kept or (self._real_bedrock and name.startswith("AWS_"))
        }
        return environment | {
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "AUTH": "true",
            "LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
            **({"LOCAL_BEDROCK": "real"} if self._real_bedrock else {}),
            **(self._services.environment if self._services else {}),
        }

    def _is_ready(self) -> bool:
        if self._process.poll() is not None:
            said = self.log.read_text(errors="replace").strip().splitlines()
            raise LocalAwsError(said[-1] if said else f"the local AWS ended with {self._process.returncode}")
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=1) as health:
                return health.status == 200
        except OSError:
            return False

    def _stop(self) -> None:
        """Ends the process and, as one group, every handler that it started."""
        process, self._process = self._process, None
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        process.stdin.close()
        self.log.replace(WORK / "launcher.log")  # of the last one, to look into

    # The 12-digit access key chooses the account, and is its root.
    def client(self, service: str, account: str, region: str = REGION):
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def put_service_event(self, account: str, event: dict, region: str = REGION) -> list[dict]:
        """An event as an AWS service puts it on the default bus; returns what the rules made of it."""
        entry = {
            "Source": event["source"],
            "DetailType": event["detail-type"],
            "Resources": event.get("resources", []),
            "Detail": json.dumps(event["detail"], ensure_ascii=False),
        }
        answer = self._post("service-event", {"account": account, "region": region, "entries": [entry]})
        if answer["FailedEntryCount"]:
            raise LocalAwsError(f"the event bus refused the event: {answer['Entries']}")
        return answer["Deliveries"]

    def hasten(self, account: str, queue: str) -> int:
        """Lets the time come of what waits with a delay in the queue of this ARN; returns how many messages those are."""
        return self._post("hasten", {"account": account, "region": REGION, "queue": queue})

    def script_bedrock(self, account: str, *turns: dict) -> None:
        """What Bedrock answers next in this account; see local/launcher/bedrock.py."""
        self._post("bedrock", {"account": account, "script": list(turns)})

    def add_fault(self, account: str, action: str, **what) -> None:
        """What goes wrong at a call of this account's handler; see local/launcher/faults.py."""
        self._post("faults", {"account": account, "action": action, **what})

    def join(self, account: str, organization: str) -> None:
        """Makes the account a member of an organization."""
        self._post("organization", {"account": account, "organization": organization})

    def stack_sets(self, account: str) -> list[dict]:
        """The properties of the account's stack sets, which nobody has rolled out."""
        return [one["properties"] for one in self._of(account, "stack-sets")]

    def alarms(self, account: str) -> list[dict]:
        """The properties of the account's alarms."""
        return [one["properties"] for one in self._of(account, "alarms")]

    def asked(self, account: str) -> list[dict]:
        """What the account's roles asked IAM for, each once: `role`, `action`, `resource`, `allowed`."""
        return self._of(account, "asked")

    def bedrock_calls(self, account: str) -> list[dict]:
        return self._of(account, "bedrock")

    def requests(self, account: str) -> list[dict]:
        """The calls of this account's handler, in order: `action`, and `status` once answered."""
        return self._of(account, "requests")

    def denied(self, account: str) -> list[str]:
        """The actions that IAM refused in this account, in order."""
        return [denial["action"] for denial in self._of(account, "denied")]

    def invocations(self, account: str) -> list[dict]:
        return self._of(account, "invocations")

    def mails(self, account: str) -> list[EmailMessage]:
        """The mails that this account sent, in order, as their receivers get them."""
        return [message_from_string(mail["message"], policy=policy.default) for mail in self._of(account, "mails")]

    def _of(self, account: str, door: str) -> list[dict]:
        with urllib.request.urlopen(f"{self.endpoint}/_local/{door}", timeout=30) as answer:
            return [entry for entry in json.load(answer) if entry["account"] == account]

    def _post(self, door: str, body):
        request = urllib.request.Request(f"{self.endpoint}/_local/{door}", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
