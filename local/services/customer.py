"""One customer of the services: accounts and secrets of its own, so that no test sees what another left."""

from .backlog import Space
from .jira import Site
from .slack import Hook, Workspace


class Customer:
    """What the services keep for one customer, what they were asked for it, and what they refuse it.

    A refusal: {"service": "slack"|"hook"|"backlog"|"jira", "contains": TEXT of "METHOD PATH BODY", "times": 1, and what
    happens: "status", "body" and "headers", or "hang_up": true}. `times` 0 means always. With `"done": true` the service does
    what it was asked all the same, and only its answer is lost.
    """

    def __init__(self, name: str):
        self.slack = Workspace(f"xoxb-{name}")
        self.hook = Hook(f"/services/T{name}/B{name}/canary")
        self.backlog = Space(f"backlog-{name}")
        self.jira = Site(f"jira-{name}")
        self.requests: list[dict] = []  # in order: service, method, path, body, status
        self._refusals: list[dict] = []

    @property
    def services(self) -> dict:
        return {"slack": self.slack, "hook": self.hook, "backlog": self.backlog, "jira": self.jira}

    @property
    def secrets(self) -> dict[str, str]:
        """The values that its AWS Secrets Manager holds, by the names of test/e2e/apps/every-channel.ts."""
        return {
            "slack-bot": self.slack.secret,
            "slack-hook": f"https://hooks.slack.com{self.hook.secret}",
            "backlog-key": self.backlog.secret,
            "jira-token": self.jira.secret,
        }

    def refuse(self, service: str, **what) -> None:
        self._refusals.append({"service": service, **what})

    def relent(self) -> None:
        """Refuses nothing any more."""
        self._refusals.clear()

    def asked(self, service: str, part: str = "") -> list[dict]:
        """The requests to a service whose method and path contain this."""
        return [
            request
            for request in self.requests
            if request["service"] == service and part in f"{request['method']} {request['path']}"
        ]

    def take_refusal(self, service: str, method: str, path: str, body: str) -> dict | None:
        for refusal in self._refusals:
            if refusal["service"] == service and refusal.get("contains", "") in f"{method} {path} {body}":
                refusal["left"] = refusal.get("left", refusal.get("times", 1)) - 1
                if refusal["left"] == 0:
                    self._refusals.remove(refusal)
                return refusal
        return None
