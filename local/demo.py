"""The demo: `python -m local.demo [--bedrock] [EVENT.json ...]`.

Deploys the app in bin/ into the local AWS, plays events through it, and shows what arrived: here and as one HTML page.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from . import events
from .aws import ROOT, WORK, LocalAws, LocalAwsError
from .deployment import Deployment
from .launcher.recorded import ANSWERS, texts
from .play import Played, origin, play
from .synthesis import synthesise

ACCOUNT = "111122223333"
PAGE = WORK / "demo.html"
SHOWN_LINES = 40  # of a notification, on the terminal; the page shows it whole


@contextmanager
def step(what: str):
    """Says what is going on, and how long it took."""
    print(f"  {what} … ", end="", flush=True)
    start = time.monotonic()
    yield
    print(f"{time.monotonic() - start:.1f} s", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="npm run demo --", description="Shows the whole way of a finding, on this machine.")
    parser.add_argument("--bedrock", action="store_true", help="ask the real Bedrock, with the AWS credentials of this shell")
    parser.add_argument("events", nargs="*", type=Path, metavar="EVENT.json", help="events of your own instead of ours")
    options = parser.parse_args()
    try:
        run(options.events, options.bedrock)
    except LocalAwsError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def run(files: list[Path], real_bedrock: bool) -> None:
    own = [read(path) for path in files]
    with step("synthesising bin/finding-advisor.ts"):
        assembly = synthesise()
    with ExitStack() as stack:
        with step("starting the local AWS"):
            aws = stack.enter_context(LocalAws(real_bedrock=real_bedrock))
        with step("deploying the template, unmodified"):
            deployment = Deployment(aws, ACCOUNT, assembly)
            deployment.listen()
        played = []
        # Ours only now: they are read as having just happened.
        for event in own or events.ours():
            with step(f"playing {event.name}"):
                played.append(play(deployment, event, time.monotonic))
    for one in played:
        show(one)
    PAGE.write_text(page(played, real_bedrock), encoding="utf-8")
    print(f"\nThe page with every channel, in Japanese and English: {PAGE}")


def page(played: list[Played], real_bedrock: bool) -> str:
    """What each reader of every channel would get of these events now: the command line's own preview, with the same answers."""
    with TemporaryDirectory() as folder:
        # Two events may have one name.
        names = [write(f"{folder}/{number}", f"{one.event.name}.json", one.event.text) for number, one in enumerate(played)]
        answers = [write(f"{folder}/answers", str(number), answer) for number, answer in enumerate(answers_of(played))]
        if not real_bedrock:
            answers = sorted(map(str, ANSWERS.glob("*.json")))
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        command = [str(ROOT / "target" / "debug" / "finding-advisor"), "preview", "--output", "html", "--at", at]
        command += [*(f"--answer={answer}" for answer in answers), "--", *names]
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode:
            raise LocalAwsError(ran.stderr.strip())
        return ran.stdout


def write(folder: str, name: str, text: str) -> str:
    path = Path(folder) / name.replace("/", "_")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def answers_of(played: list[Played]):
    """What the model answered, beside what tells its finding and language from all others of the demo."""
    for call in (call for one in played for call in one.calls):
        if call.get("response", {}).get("stopReason") not in ("tool_use", "end_turn"):
            continue
        prompt = "\n".join(texts(call["request"]["messages"]))
        marks = re.findall(r"^(?:Language: \w+\.|f1 .*)", prompt, re.MULTILINE)
        yield json.dumps({"marks": marks, "model": call["model"], "answer": call["response"]}, ensure_ascii=False)


def read(path: Path) -> events.Event:
    # npm runs scripts in the package's folder, and says where its user stands.
    try:
        return events.read(Path(os.environ.get("INIT_CWD", "")) / path)
    except OSError as error:
        raise LocalAwsError(f"{path}: {error.strerror}") from error


def show(played: Played) -> None:
    print(f"\n━━ {played.event.name}")
    print(f"   {way(played)}; {played.seconds:.1f} s to the end of the handler's work")
    for call in played.calls:
        print(f"   {call['model']}: {origin(call)}")
    for notification in played.notifications:
        lines = notification["text"].splitlines()
        print(f"\n   Subject: {notification['subject']}\n")
        for line in lines[:SHOWN_LINES]:
            print(f"   │ {line}")
        if len(lines) > SHOWN_LINES:
            print(f"   │ … {len(lines) - SHOWN_LINES} lines more on the page")
    if not played.notifications:
        print("   nobody was told; the handler's log says why:")
        print("\n".join(f"   │ {line}" for line in played.log.splitlines()))


def way(played: Played) -> str:
    if played.rules:
        return f"put on the default bus; let through by {', '.join(played.rules)}"
    return "no rule lets it through: sent straight to the queue"


if __name__ == "__main__":
    sys.exit(main())
