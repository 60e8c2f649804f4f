"""The events that the demo plays: our own in local/events, or files of the user's."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

EVENTS = Path(__file__).resolve().parent / "events"
TIMESTAMP = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


@dataclass(frozen=True)
class Event:
    """One event: its text, and the parsed event where it is one that a rule could see."""

    name: str
    text: str
    event: dict | None

    @property
    def is_of_a_service(self) -> bool:
        return self.event is not None and self.event["source"].startswith("aws.")


def parse(name: str, text: str) -> Event:
    try:
        event = json.loads(text)
    except ValueError:
        event = None
    known = isinstance(event, dict) and isinstance(event.get("detail"), dict)
    is_event = known and all(isinstance(event.get(key), str) for key in ("source", "detail-type"))
    return Event(name, text, event if is_event else None)


def read(path: Path) -> Event:
    """A file of the user's, as it is."""
    return parse(path.stem, path.read_text(encoding="utf-8", errors="replace"))


def ours(pattern: str = "*") -> list[Event]:
    """Our own events, as if they had just happened: a finding is read by how long ago things were seen."""
    return [_as_of_now(read(path)) for path in sorted(EVENTS.glob(pattern))]


def one_of_ours(number: int) -> Event:
    (event,) = ours(f"{number}-*")
    return event


def _as_of_now(event: Event) -> Event:
    if event.event is None:
        return event
    age = datetime.now(timezone.utc) - _moment(event.event["time"])
    return parse(event.name, TIMESTAMP.sub(lambda found: _later(found[0], age), event.text))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _later(text: str, age: timedelta) -> str:
    precision = "milliseconds" if "." in text else "seconds"
    return (_moment(text) + age).isoformat(timespec=precision).replace("+00:00", "Z")
