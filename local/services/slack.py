"""Slack: chat.postMessage, chat.update and an incoming webhook. A bot's failures are answers with the status 200."""

import json
from urllib.parse import parse_qsl

CHANNEL = "C0123456789"
# Characters, and numbers of things; docs.slack.dev, reference of blocks and of chat.postMessage.
MOST_BLOCKS = 50
MOST_TEXT = 40_000
MOST_HEADER = 150
MOST_SECTION = 3_000
MOST_FIELDS = 10
MOST_FIELD = 2_000
MOST_CONTEXT = 10
KINDS = {"actions", "context", "divider", "header", "rich_text", "section"}


class Workspace:
    """What a bot posted: the messages of one Slack channel, in order."""

    def __init__(self, token: str):
        self.secret = token
        self.messages: list[dict] = []  # as Slack shows them now: ts, thread_ts, text, blocks, broadcast

    def knows(self, _path: str, headers: dict) -> bool:
        return headers.get("authorization") == f"Bearer {self.secret}"

    @staticmethod
    def stranger():
        return _failed("invalid_auth")

    def parents(self) -> list[dict]:
        return [message for message in self.messages if message["thread_ts"] is None]

    def answers(self, parent: dict) -> list[dict]:
        return [message for message in self.messages if message["thread_ts"] == parent["ts"]]

    def answer(self, method: str, path: str, body: str):
        if (method, path) == ("POST", "/api/auth.test"):
            return _done({"user_id": "U0123456789", "bot_id": "B0123456789"})
        message = read(body)
        if (method, path) not in (("POST", "/api/chat.postMessage"), ("POST", "/api/chat.update")):
            return _failed("unknown_method")
        if message.get("channel") != CHANNEL:
            return _failed("channel_not_found")
        if not message.get("text") and not message.get("blocks"):
            return _failed("no_text")
        if len(message.get("text", "")) > MOST_TEXT:
            return _failed("msg_too_long")
        if errors := wrong_blocks(message.get("blocks", [])):
            return _failed("invalid_blocks", errors=errors, response_metadata={"messages": errors})
        return self._update(message) if path.endswith("update") else self._post(message)

    def _post(self, message: dict):
        thread = message.get("thread_ts")
        if thread is not None and thread not in [parent["ts"] for parent in self.parents()]:
            return _failed("thread_not_found")
        ts = f"{1_795_528_800 + len(self.messages)}.000100"
        kept = {"ts": ts, "thread_ts": thread, "broadcast": message.get("reply_broadcast", False)}
        self.messages.append(kept | {"text": message.get("text", ""), "blocks": message.get("blocks", [])})
        return _done({"channel": CHANNEL, "ts": ts, "message": {"text": message.get("text", "")}})

    def _update(self, message: dict):
        for kept in self.messages:
            if kept["ts"] == message.get("ts"):
                # An update with a text but no blocks removes the blocks.
                kept.update(text=message.get("text", ""), blocks=message.get("blocks", []))
                return _done({"channel": CHANNEL, "ts": kept["ts"], "text": kept["text"]})
        return _failed("message_not_found")


class Hook:
    """An incoming webhook: its address is its secret, and it gives no id back."""

    def __init__(self, path: str):
        self.secret = path
        self.messages: list[dict] = []

    def knows(self, path: str, _headers: dict) -> bool:
        return path == self.secret

    @staticmethod
    def stranger():
        return 404, "no_service", {}

    def answer(self, _method: str, _path: str, body: str):
        message = json.loads(body)
        if not message.get("text") or wrong_blocks(message.get("blocks", [])):
            return 400, "invalid_payload", {}
        self.messages.append(message)
        return 200, "ok", {}


def read(body: str) -> dict:
    """Slack takes JSON, and forms with JSON in them, which its own client sends."""
    if body.startswith("{"):
        return json.loads(body)
    form = dict(parse_qsl(body))
    return form | ({"blocks": json.loads(form["blocks"])} if "blocks" in form else {})


def wrong_blocks(blocks: list[dict]) -> list[str]:
    """What Slack would say of these blocks."""
    errors = [f"no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]"] if len(blocks) > MOST_BLOCKS else []
    for index, block in enumerate(blocks):
        at = f"/blocks/{index}"
        if block.get("type") not in KINDS:
            errors.append(f"unsupported type: {block.get('type')} [json-pointer:{at}/type]")
        if block.get("type") == "header":
            errors += _too_long(block.get("text", {}), MOST_HEADER, f"{at}/text")
        if block.get("type") == "section":
            errors += _too_long(block.get("text", {}), MOST_SECTION, f"{at}/text")
            fields = block.get("fields", [])
            if len(fields) > MOST_FIELDS:
                errors.append(f"no more than {MOST_FIELDS} items allowed [json-pointer:{at}/fields]")
            for number, field in enumerate(fields):
                errors += _too_long(field, MOST_FIELD, f"{at}/fields/{number}")
        if block.get("type") == "context" and len(block.get("elements", [])) > MOST_CONTEXT:
            errors.append(f"no more than {MOST_CONTEXT} items allowed [json-pointer:{at}/elements]")
    return errors


def _too_long(text: dict, most: int, at: str) -> list[str]:
    return [f"must be less than {most + 1} characters [json-pointer:{at}/text]"] if len(text.get("text", "")) > most else []


def _done(what: dict):
    return 200, {"ok": True, **what}, {}


def _failed(error: str, **what):
    return 200, {"ok": False, "error": error, **what}, {}
