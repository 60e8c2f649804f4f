"""One control fails on five hundred buckets at once, and the model takes four seconds: what that costs, and who waits how long.

    npm run burst                        # 500 findings
    npm run burst -- --findings 50

The template of bin/ is deployed unmodified, with the real handler. The findings are CRITICAL, so that each is told by itself
and none in a burst of its minute.
"""

import argparse
import json
import sys
import time
from collections import Counter

from bench.storm import ACCOUNT, messages, send
from local import events
from local.aws import LocalAws, wait_for
from local.deployment import Deployment
from local.launcher import recorded
from local.synthesis import synthesise

MODEL_SECONDS = 4
PATIENCE = 1_800  # seconds until everything must be told


def findings(number: int) -> list[dict]:
    """One control, as many buckets; each finding has an identity of its own."""
    text = events.one_of_ours(2).text
    first = json.loads(text)
    (finding,) = first["detail"]["findings"]
    (resource,) = finding["Resources"]
    bucket, uid = resource["Id"].rpartition(":")[2], finding["Id"].rpartition("/")[2]
    return [
        json.loads(text.replace(bucket, bucket_of(one)).replace(uid, f"{one:08x}-0000-4000-8000-000000000000"))
        for one in range(number)
    ]


def bucket_of(number: int) -> str:
    return f"burst-{number:04}-store"


def percentile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)]


def main() -> int:
    """Sends, waits, counts, prints."""
    parser = argparse.ArgumentParser(prog="npm run burst --", description=__doc__.splitlines()[0])
    parser.add_argument("--findings", type=int, default=500, help="how many buckets fail the control")
    number = parser.parse_args().findings
    burst = findings(number)
    with LocalAws() as aws:
        deployment = Deployment(aws, ACCOUNT, synthesise())
        deployment.listen()
        answer = json.loads((recorded.ANSWERS / "public-bucket.ja.json").read_text(encoding="utf-8"))["answer"]
        # As many as there are findings: a second call would be answered, and counted.
        aws.script_bedrock(ACCOUNT, *({"answer": answer, "delay": MODEL_SECONDS} for _ in range(number)))
        begun = {}
        for start in range(0, number, 10):
            begun |= dict.fromkeys(range(start, min(start + 10, number)), time.time())
            send(deployment, burst[start : start + 10])
        wait_for("an empty queue", lambda: messages(deployment, deployment.queue) == 0, PATIENCE, every=1)
        return report(deployment, begun)


def report(deployment: Deployment, begun: dict[int, float]) -> int:
    """The table, and whether every promise was kept."""
    arrived = deployment.arrived()
    waited = [
        [notification["at"] - begun[one] for notification in arrived if bucket_of(one) in notification["text"]]
        for one in begun
    ]
    seconds = [times[0] for times in waited if times]
    lost, twice = waited.count([]), sum(1 for times in waited if len(times) > 1)
    actions = Counter(request["action"] for request in deployment.aws.requests(ACCOUNT))
    advice = Counter((one["origin"], one["by"]) for line in deployment.reports() for one in line["advice"])
    calls = actions["bedrock:Converse"]
    p50, p99 = percentile(seconds, 0.5), percentile(seconds, 0.99)
    rows = [
        ("findings of one control", len(begun)),
        ("calls of a model that takes four seconds", calls),
        *((f"advice: {origin}, {by}", count) for (origin, by), count in sorted(advice.items())),
        ("requests", sum(actions.values())),
        *((f"  {action}", count) for action, count in sorted(actions.items())),
        ("requests a finding", round(sum(actions.values()) / len(begun), 2)),
        ("from event to notification, seconds: p50, p99", f"{p50:.1f}, {p99:.1f}"),
    ]
    for what, value in rows:
        print(f"{what:<64}{value:>12}")
    title = f"{len(begun)} findings of one control at once, a model of {MODEL_SECONDS} s"
    playbook = sum(count for (origin, _), count in advice.items() if origin == "playbook")
    promises = [
        (f"{title}: calls of a model", "1", str(calls)),
        (f"{title}: findings lost, told twice, or told without the model's advice", "0, 0, 0", f"{lost}, {twice}, {playbook}"),
        (f"{title}: requests to AWS a finding", "<= 5", f"{sum(actions.values()) / len(begun):.2f}"),
        (f"{title}: from event to notification on two cores, p50 and p99", "<= 60 s", f"{p50:.1f} s, {p99:.1f} s"),
    ]
    for promise, target, value in promises:
        print(f"PROMISE {json.dumps({'promise': promise, 'target': target, 'value': value})}")
    kept = calls == 1 and lost == twice == playbook == 0 and sum(actions.values()) <= 5 * len(begun) and p99 <= 60
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
