"""What the bootstrap costs, beside a bare one with the same SDK clients, on this machine and in one run.

    npm run bench             # builds both for this machine (release), then measures
    npm run bench -- --rounds 30

Three tables: a start and single findings; what a finding costs in batches; what a model gets to see of findings of any size.
Plain HTTP on loopback, so neither TLS nor distance is in the figures. Quote ratios of one run, never milliseconds of two.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "target" / "release"
CONFIG = {
    "ledgerTable": "ledger",
    "models": ["jp.anthropic.claude-haiku-5-5"],
    "defaultRoute": {
        "name": "default",
        "language": "ja",
        "minimumSeverity": "HIGH",
        "channel": {"kind": "topic", "topicArn": "arn:aws:sns:ap-northeast-1:111122223333:findings"},
    },
    "routes": [],
    "queueUrl": "https://sqs.ap-northeast-1.amazonaws.com/111122223333/findings",
}
SNS_REPLY = (
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId>'
    "</PublishResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishResponse>"
)


BATCHES = (1, 10, 100)
FINDINGS = 300  # in each row of the table of batches, after one batch that is not counted
SIZES = (4, 60, 240)  # KB of an event; SQS takes 1 MB, EventBridge 256 KB
TICK = os.sysconf("SC_CLK_TCK")


class Server(ThreadingHTTPServer):
    """Silent where a process was killed while it kept a connection."""

    daemon_threads = True

    def handle_error(self, *_):
        pass


class Lambda:
    """The Runtime API and a fake of the three services, on one port."""

    def __init__(self, answer, latency=0.0):
        self.latency = latency
        self.answer = json.dumps(
            {
                "output": {"message": {"role": "assistant", "content": [
                    {"toolUse": {"toolUseId": "t", "name": "advice", "input": answer}}]}},
                "stopReason": "tool_use",
                "usage": {"inputTokens": 3300, "outputTokens": 900, "totalTokens": 4200},
                "metrics": {"latencyMs": 1},
            }
        ).encode()
        self.events, self.done, self.asked = Queue(), Queue(), threading.Event()
        self.requests, self.model_bytes = Counter(), []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def reply(self, body=b"{}", kind="application/json", headers=()):
                self.send_response(200)
                for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):  # noqa: N802, the base class's name
                outer.first_next = getattr(outer, "first_next", time.perf_counter())
                outer.asked.set()
                event = outer.events.get()
                if event is None:
                    self.close_connection = True
                    return
                deadline = int(time.time() * 1000) + 60_000
                self.reply(event, headers=[
                    ("Lambda-Runtime-Aws-Request-Id", "r"), ("Lambda-Runtime-Deadline-Ms", str(deadline)),
                    ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:ap-northeast-1:111122223333:function:f")])

            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                target = self.headers.get("X-Amz-Target", "")
                if "/invocation/" in self.path:
                    self.reply()
                    outer.done.put((time.perf_counter(), body))
                elif self.path.endswith("/converse"):
                    outer.requests["Converse"] += 1
                    outer.model_bytes.append(len(body))
                    time.sleep(outer.latency)
                    self.reply(outer.answer)
                elif target:
                    outer.requests[target.rsplit(".", 1)[-1]] += 1
                    self.reply(kind="application/x-amz-json-1.0")
                else:
                    outer.requests["Publish"] += 1
                    self.reply(SNS_REPLY.encode(), "text/xml")

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def environment(self):
        address = f"127.0.0.1:{self.server.server_port}"
        return {
            "PATH": os.environ["PATH"], "AWS_LAMBDA_RUNTIME_API": address, "AWS_ENDPOINT_URL": f"http://{address}",
            "AWS_REGION": "ap-northeast-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_LOG_GROUP_NAME": "g", "AWS_LAMBDA_LOG_STREAM_NAME": "s",
            "AWS_EC2_METADATA_DISABLED": "true", "HANDLER_CONFIG": json.dumps(CONFIG),
        }


def batch(first, size, padding=0):
    """An SQS batch of new findings, each with an id of its own; `padding` bytes of another resource's tags make them larger."""
    event = json.loads((ROOT / "local" / "events" / "1-guardduty-credentials-outside-aws.json").read_text())
    if padding:
        tags = [{"key": f"note-{number}", "value": "x" * 200} for number in range(padding // 230)]
        event["detail"]["resource"]["instanceDetails"] = {"instanceId": "i-0123456789abcdef0", "tags": tags}
    records = []
    for number in range(first, first + size):
        event["id"] = f"{number:08d}"
        event["detail"]["id"] = f"{number:032x}"
        event["detail"]["arn"] = event["detail"]["arn"].rsplit("/", 1)[0] + f"/{number:032x}"
        records.append({"messageId": f"m{number}", "eventSource": "aws:sqs", "body": json.dumps(event),
                        "attributes": {}, "messageAttributes": {}})
    return json.dumps({"Records": records}).encode()


class Process:
    """A bootstrap that has asked for its first event."""

    def __init__(self, bootstrap, answer, latency=0.0):
        self.bootstrap, self.world = bootstrap, Lambda(answer, latency)
        started = time.perf_counter()
        self.process = subprocess.Popen([bootstrap], env=self.world.environment(), stdout=subprocess.DEVNULL)
        if not self.world.asked.wait(10):
            sys.exit(f"{bootstrap} did not ask for its first event")
        self.start = (self.world.first_next - started) * 1000

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.world.events.put(None)
        self.world.server.shutdown()
        self.world.server.server_close()

    def invoke(self, event):
        """Milliseconds of one invocation."""
        sent = time.perf_counter()
        self.world.events.put(event)
        ended, body = self.world.done.get(timeout=60)
        if json.loads(body).get("batchItemFailures"):
            sys.exit(f"{self.bootstrap} failed a record: {body!r}")
        return (ended - sent) * 1000

    def peak(self):
        """The most memory it had, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def cpu(self):
        """Milliseconds of CPU until now, of all its threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / TICK


def starts(subjects, answer, rounds, invocations):
    """A start and single findings, each subject in turn."""
    rows = {name: {"start": [], "first": [], "later": [], "peak": []} for name in subjects}
    for _ in range(rounds):
        for name, binary in subjects.items():
            with Process(binary, answer) as process:
                times = [process.invoke(batch(number, 1)) for number in range(invocations)]
                row = rows[name]
                row["start"].append(process.start)
                row["first"].append(times[0])
                row["later"].extend(times[1:])
                row["peak"].append(process.peak())
                if name == "bootstrap":
                    requests = process.world.requests
    print(f"{'median':<34}{'bootstrap':>12}{'bare':>12}{'ratio':>9}")
    for label, field in (("start to first /next, ms", "start"), ("first invocation, ms", "first"),
                         ("later invocation, ms", "later"), ("peak memory, MiB", "peak")):
        ours, bare = (statistics.median(rows[name][field]) for name in subjects)
        print(f"{label:<34}{ours:>12.2f}{bare:>12.2f}{ours / bare:>9.2f}")
    each = ", ".join(f"{name} {count / invocations:g}" for name, count in sorted(requests.items()))
    print(f"requests a new finding: {each}")


def batches(binary, answer):
    """What a finding costs where many come at once. All have one prompt, so a batch asks a model once."""
    print(f"\n{'findings in a batch':<34}{'CPU ms each':>12}{'requests':>12}{'peak MiB':>12}")
    for size in BATCHES:
        with Process(binary, answer) as process:
            process.invoke(batch(0, size))
            cpu, requests = process.cpu(), sum(process.world.requests.values())
            for first in range(size, size + FINDINGS, size):
                process.invoke(batch(first, size))
            cpu = (process.cpu() - cpu) / FINDINGS
            requests = (sum(process.world.requests.values()) - requests) / FINDINGS
            print(f"{size:<34}{cpu:>12.2f}{requests:>12.2f}{process.peak():>12.1f}")
    with Process(binary, answer, latency=0.3) as process:
        process.invoke(batch(0, 1))
        ratio = process.invoke(batch(10, 10)) / process.invoke(batch(20, 1))
    print(f"10 findings with a model of 300 ms, as a multiple of 1: {ratio:.2f}")


def sizes(binary, answer):
    """What a model gets to see of larger and larger events."""
    print(f"\n{'KB of the event':<34}{'bytes to the model':>20}")
    with Process(binary, answer) as process:
        for number, size in enumerate(SIZES):
            event = batch(number, 1, padding=max(0, size - 4) * 1024)
            process.invoke(event)
            print(f"{len(event) / 1024:<34.0f}{process.world.model_bytes[-1]:>20}")


def main():
    """Builds, measures both in turn, prints one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--invocations", type=int, default=20)
    arguments = parser.parse_args()
    subprocess.run(["cargo", "build", "--release", "--locked", "--bin", "bootstrap", "--example", "bare"],
                   cwd=ROOT, check=True)
    # The recorded answer to this event: one that the check refused would measure the playbook instead.
    answer = json.loads((ROOT / "local" / "answers" / "credentials-outside-aws.ja.json").read_text())["answer"]
    subjects = {"bootstrap": BUILT / "bootstrap", "bare": BUILT / "examples" / "bare"}
    starts(subjects, answer, arguments.rounds, arguments.invocations)
    print(f"{'bootstrap, bytes (this machine)':<34}{subjects['bootstrap'].stat().st_size:>12}")
    packed = ROOT / "assets" / "bootstrap.zip"
    if packed.exists():
        print(f"{'zip, bytes (arm64)':<34}{packed.stat().st_size:>12}")
    batches(subjects["bootstrap"], answer)
    sizes(subjects["bootstrap"], answer)


if __name__ == "__main__":
    main()
