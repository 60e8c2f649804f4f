"""A storm through the local AWS: what ten thousand findings, most of them repeats, cost and what becomes of them.

    npm run storm                        # 1,000 findings, each ten times
    npm run storm -- --findings 100      # a breeze

The template of bin/ is deployed unmodified, with the real handler. Waits run in real time: a burst is told a minute later.
"""

import argparse
import copy
import json
import os
import random
import sys
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

from local import events
from local.aws import LocalAws, wait_for
from local.deployment import Deployment
from local.synthesis import synthesise

ACCOUNT = "111122223333"
CRITICAL_EVERY = 100  # one finding of so many is CRITICAL
# How soon a record comes back that another handler was telling. In the construct it is six minutes.
BACK_SOON = 30
PATIENCE = 3_600  # seconds until the queue must be empty


def storm(findings: int, times: int) -> list[list[dict]]:
    """So many GuardDuty findings, and each again with a later `updatedAt`; every round in an order of its own."""
    first = events.one_of_ours(1).event
    now = datetime.now(timezone.utc)
    shuffle = random.Random(1).shuffle
    rounds = []
    for again in range(times):
        updated = (now + timedelta(seconds=again)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        one_round = []
        for number in range(findings):
            event = copy.deepcopy(first)
            detail = event["detail"]
            event["id"] = f"{again:08x}-0000-4000-8000-{number:012x}"
            detail["arn"] = detail["arn"].replace(detail["id"], id_of(number))
            detail["id"] = id_of(number)
            detail["updatedAt"] = updated
            if number % CRITICAL_EVERY == 0:
                detail["severity"] = 9.5
            one_round.append(event)
        shuffle(one_round)
        rounds.append(one_round)
    return rounds


def id_of(number: int) -> str:
    return f"{0x5704 << 32 | number:032x}"


class Memory:
    """What the handlers' processes hold, in MiB."""

    def __init__(self, launcher: int):
        self._launcher = launcher
        self.peak = 0.0

    def now(self) -> float:
        """The most that one of them holds now; keeps the peak of all."""
        held = [0.0]
        for process in Path("/proc").glob("[0-9]*"):
            try:
                status = (process / "status").read_text()
                if status.startswith("Name:\tbootstrap") and os.getpgid(int(process.name)) == self._launcher:
                    held.append(_mebibytes(status, "VmRSS"))
                    self.peak = max(self.peak, _mebibytes(status, "VmHWM"))
            except (OSError, ValueError):
                continue  # it ended meanwhile
        return max(held)


def _mebibytes(status: str, field: str) -> float:
    return int(status.split(f"{field}:")[1].split()[0]) / 1024


def send(deployment: Deployment, one_round: list[dict]) -> None:
    sqs = deployment.client("sqs")
    for start in range(0, len(one_round), 10):
        entries = [
            {"Id": str(place), "MessageBody": json.dumps(event, ensure_ascii=False)}
            for place, event in enumerate(one_round[start : start + 10])
        ]
        if refused := sqs.send_message_batch(QueueUrl=deployment.queue, Entries=entries).get("Failed"):
            sys.exit(f"the queue refused {refused}")


def messages(deployment: Deployment, queue: str) -> int:
    """Messages in a queue: to be taken, being worked on, or still delayed."""
    names = [f"ApproximateNumberOfMessages{what}" for what in ("", "NotVisible", "Delayed")]
    answer = deployment.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)
    return sum(int(answer["Attributes"][name]) for name in names)


def main() -> int:
    """Sends, waits, counts, prints."""
    parser = argparse.ArgumentParser(prog="npm run storm --", description=__doc__.splitlines()[0])
    parser.add_argument("--findings", type=int, default=1_000, help="how many there are")
    parser.add_argument("--times", type=int, default=10, help="how often each comes")
    arguments = parser.parse_args()
    rounds = storm(arguments.findings, arguments.times)
    sent = arguments.findings * arguments.times
    with LocalAws() as aws:
        deployment = Deployment(aws, ACCOUNT, synthesise())
        deployment.listen()
        deployment.set_visibility_timeout(BACK_SOON)
        memory, held = Memory(aws.pid), []
        begin = time.monotonic()
        for one_round in rounds:
            send(deployment, one_round)
            # The next round once this one is taken: one that repeats what is told just now would only come back.
            wait_for("the round to be taken", lambda: _taken(deployment, memory), PATIENCE, every=1)
            held.append(memory.now())
        wait_for("an empty queue", lambda: (memory.now(), messages(deployment, deployment.queue))[1] == 0, PATIENCE, every=1)
        seconds = time.monotonic() - begin
        return report(deployment, arguments.findings, sent, seconds, memory.peak, held)


def _taken(deployment: Deployment, memory: Memory) -> bool:
    memory.now()
    return deployment.queue_is_empty()


def report(deployment: Deployment, findings: int, sent: int, seconds: float, peak: float, held: list[float]) -> int:
    """The table, and whether every promise was kept."""
    texts = [notification["text"] for notification in deployment.arrived()]
    reports, bursts = deployment.reports(), [line for line in deployment.bursts() if line["findings"]]
    heard = Counter(number for number in range(findings) for text in texts if id_of(number) in text)
    lost = findings - len(heard)
    twice = sum(1 for times in heard.values() if times > 1)
    by_themselves = {line["finding"] for line in reports for route in line["routes"] if route["fate"] == "told"}
    critical = {line["finding"] for line in reports if line["Severity"] == "CRITICAL"}
    fates = Counter(route["fate"] for line in reports for route in line["routes"])
    actions = Counter(request["action"] for request in deployment.aws.requests(ACCOUNT))
    advice = Counter(one["origin"] for line in reports for one in line["advice"])
    dead = messages(deployment, deployment.dead_letter_queue)
    rows = [
        ("findings sent", sent),
        ("of them repeats", sent - findings),
        ("seconds, on this machine", round(seconds)),
        ("invocations", len(deployment.invocations())),
        ("records that came back", sum(1 for line in reports if line["claimedElsewhere"])),
        ("held", fates["held"]),
        ("notifications", len(texts)),
        ("  of one finding", fates["told"]),
        ("  of a burst", len(bursts)),
        ("  findings told in bursts", sum(line["findings"] for line in bursts)),
        ("advice by a model, remembered, by the playbook", f"{advice['model']}, {advice['remembered']}, {advice['playbook']}"),
        ("requests", sum(actions.values())),
        *((f"  {action}", count) for action, count in sorted(actions.items())),
        ("requests a finding", round(sum(actions.values()) / sent, 2)),
        ("a handler's memory after each round, MiB", " ".join(f"{one:.0f}" for one in held)),
        ("a handler's peak, MiB", f"{peak:.1f}"),
        ("CRITICAL findings folded away", len(critical - by_themselves)),
        ("dead letters", dead),
    ]
    for what, value in rows:
        print(f"{what:<48}{value:>12}")
    title = f"storm of {sent:,} findings, {sent - findings:,} of them repeats"
    promises = [
        (f"{title}: findings lost, told twice, or dead", "0, 0, 0", f"{lost}, {twice}, {dead}"),
        (f"{title}: CRITICAL findings not told by themselves", "0", str(len(critical - by_themselves))),
        (f"{title}: calls of a model", f"<= {fates['told']}, one a notification", str(actions["bedrock:Converse"])),
    ]
    kept = lost == twice == dead == 0 and critical <= by_themselves and actions["bedrock:Converse"] <= fates["told"]
    for promise, target, value in promises:
        print(f"PROMISE {json.dumps({'promise': promise, 'target': target, 'value': value})}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
