"""What the bootstrap costs, beside a bare one with the same SDK clients, on this machine and in one run.

    npm run bench             # builds both for this machine (release), then measures
    npm run bench -- --rounds 30

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
}
SNS_REPLY = (
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId>'
    "</PublishResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishResponse>"
)


class Lambda:
    """The Runtime API and a fake of the three services, on one port."""

    def __init__(self, answer):
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
                    self.reply(outer.answer)
                elif target:
                    outer.requests[target.rsplit(".", 1)[-1]] += 1
                    self.reply(kind="application/x-amz-json-1.0")
                else:
                    outer.requests["Publish"] += 1
                    self.reply(SNS_REPLY.encode(), "text/xml")

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
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


def batch(first, size):
    """An SQS batch of new findings, each with an id of its own."""
    event = json.loads((ROOT / "local" / "events" / "1-guardduty-credentials-outside-aws.json").read_text())
    records = []
    for number in range(first, first + size):
        event["id"] = f"{number:08d}"
        event["detail"]["id"] = f"{number:032x}"
        event["detail"]["arn"] = event["detail"]["arn"].rsplit("/", 1)[0] + f"/{number:032x}"
        records.append({"messageId": f"m{number}", "eventSource": "aws:sqs", "body": json.dumps(event),
                        "attributes": {}, "messageAttributes": {}})
    return json.dumps({"Records": records}).encode()


def measure(bootstrap, answer, invocations):
    """One start: milliseconds to the first /next, of the first invocation and of the later ones; peak memory."""
    world = Lambda(answer)
    start = time.perf_counter()
    process = subprocess.Popen([bootstrap], env=world.environment(), stdout=subprocess.DEVNULL)
    try:
        if not world.asked.wait(10):
            sys.exit(f"{bootstrap} did not ask for its first event")
        times = []
        for number in range(invocations):
            sent = time.perf_counter()
            world.events.put(batch(number * 10, 1))
            ended, body = world.done.get(timeout=60)
            if json.loads(body).get("batchItemFailures"):
                sys.exit(f"{bootstrap} failed a record: {body!r}")
            times.append((ended - sent) * 1000)
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
        return (world.first_next - start) * 1000, times, peak, world
    finally:
        process.kill()
        process.wait()
        world.events.put(None)
        world.server.shutdown()
        world.server.server_close()


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
    rows = {name: {"start": [], "first": [], "later": [], "peak": []} for name in subjects}
    world = None
    for _ in range(arguments.rounds):
        for name, binary in subjects.items():
            start, times, peak, seen = measure(binary, answer, arguments.invocations)
            row = rows[name]
            row["start"].append(start)
            row["first"].append(times[0])
            row["later"].extend(times[1:])
            row["peak"].append(peak)
            if name == "bootstrap":
                world = seen
    print(f"{'median':<34}{'bootstrap':>12}{'bare':>12}{'ratio':>9}")
    for label, field in (("start to first /next, ms", "start"), ("first invocation, ms", "first"),
                         ("later invocation, ms", "later"), ("peak memory, MiB", "peak")):
        ours, bare = (statistics.median(rows[name][field]) for name in subjects)
        print(f"{label:<34}{ours:>12.2f}{bare:>12.2f}{ours / bare:>9.2f}")
    size = subjects["bootstrap"].stat().st_size
    print(f"{'bootstrap, bytes (this machine)':<34}{size:>12}")
    packed = ROOT / "assets" / "bootstrap.zip"
    if packed.exists():
        print(f"{'zip, bytes (arm64)':<34}{packed.stat().st_size:>12}")
    findings = arguments.invocations
    print("requests a new finding: " + ", ".join(f"{name} {count / findings:g}" for name, count in sorted(world.requests.items())))
    print(f"bytes to the model, largest: {max(world.model_bytes)}")


if __name__ == "__main__":
    main()
