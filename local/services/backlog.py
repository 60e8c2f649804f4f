"""Backlog, API version 2: the issues of one project. Forms come in, and errors have codes."""

import json
import re
from urllib.parse import parse_qs, urlsplit

PROJECT, ISSUE_TYPE = 101, 202
PRIORITIES = {2, 3, 4}
STATUSES = {1: "Open", 2: "In Progress", 3: "Resolved", 4: "Closed"}
MOST_SUMMARY = 255
MOST_DESCRIPTION = 100_000
MOST_COMMENT = 50_000
NO_RESOURCE, INVALID, NOT_AUTHENTICATED = 6, 7, 11
ISSUE = re.compile(r"/api/v2/issues/([A-Z]+-\d+)(/comments)?$")


class Space:
    """The issues, in the order in which they were made."""

    def __init__(self, key: str):
        self.secret = key
        self.issues: list[dict] = []  # issueKey, summary, description, status and priority by id, comments

    def knows(self, _path: str, headers: dict) -> bool:
        return headers.get("backlog-api-key") == self.secret

    @staticmethod
    def stranger():
        return _failed(401, NOT_AUTHENTICATED, "Authentication failure.")

    def answer(self, method: str, path: str, body: str):
        url = urlsplit(path)
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        issue = ISSUE.match(url.path)
        if (method, url.path) == ("GET", f"/api/v2/projects/{PROJECT}"):
            return _done(200, {"id": PROJECT, "projectKey": "SEC"})
        if (method, url.path) == ("GET", "/api/v2/issues"):
            return self._search(parse_qs(url.query))
        if (method, url.path) == ("POST", "/api/v2/issues"):
            return self._create(form)
        found = next((one for one in self.issues if issue and one["issueKey"] == issue[1]), None)
        if found is None:
            return _failed(404, NO_RESOURCE, "No such issue.")
        if method == "PATCH" and not issue[2]:
            return self._change(found, form)
        if method == "POST" and issue[2]:
            return self._comment(found, form.get("content", ""))
        return _failed(404, NO_RESOURCE, "No such resource.")

    def _search(self, query: dict[str, list[str]]):
        (keyword,) = query.get("keyword", [""])
        if query.get("projectId[]") != [str(PROJECT)]:
            return _failed(400, INVALID, "projectId is invalid.")
        found = [issue for issue in self.issues if keyword in json.dumps(issue, ensure_ascii=False)]
        newest = found[::-1][: int(query.get("count", ["20"])[0])]
        return _done(200, [_shown(issue) for issue in newest])

    def _create(self, form: dict[str, str]):
        missing = [name for name in ("projectId", "summary", "issueTypeId", "priorityId") if not form.get(name)]
        if missing:
            return _failed(400, INVALID, f"{missing[0]} is required.")
        wrong = (
            (int(form["projectId"]), int(form["issueTypeId"])) != (PROJECT, ISSUE_TYPE)
            or int(form["priorityId"]) not in PRIORITIES
            or not 0 < len(form["summary"]) <= MOST_SUMMARY
            or "\n" in form["summary"]
            or len(form.get("description", "")) > MOST_DESCRIPTION
        )
        if wrong:
            return _failed(400, INVALID, "The form is invalid.")
        issue = {
            "issueKey": f"SEC-{len(self.issues) + 1}",
            "summary": form["summary"],
            "description": form.get("description", ""),
            "status": 1,
            "priority": int(form["priorityId"]),
            "comments": [],
        }
        self.issues.append(issue)
        return _done(201, _shown(issue))

    def _change(self, issue: dict, form: dict[str, str]):
        status, priority = int(form.get("statusId", issue["status"])), int(form.get("priorityId", issue["priority"]))
        if status not in STATUSES or priority not in PRIORITIES or len(form.get("comment", "")) > MOST_COMMENT:
            return _failed(400, INVALID, "The form is invalid.")
        issue.update(status=status, priority=priority)
        if form.get("comment"):
            issue["comments"].append(form["comment"])
        return _done(200, _shown(issue))

    def _comment(self, issue: dict, content: str):
        if not 0 < len(content) <= MOST_COMMENT:
            return _failed(400, INVALID, "content is invalid.")
        issue["comments"].append(content)
        return _done(201, {"id": len(issue["comments"]), "content": content})


def _shown(issue: dict) -> dict:
    number = int(issue["issueKey"].rpartition("-")[2])
    status, priority = issue["status"], issue["priority"]
    return {
        "id": number,
        "projectId": PROJECT,
        "issueKey": issue["issueKey"],
        "keyId": number,
        "issueType": {"id": ISSUE_TYPE, "projectId": PROJECT, "name": "Task"},
        "summary": issue["summary"],
        "description": issue["description"],
        "status": {"id": status, "projectId": PROJECT, "name": STATUSES[status]},
        "priority": {"id": priority, "name": {2: "High", 3: "Normal", 4: "Low"}[priority]},
    }


def _done(status: int, what):
    return status, what, {"X-RateLimit-Limit": "150", "X-RateLimit-Remaining": "149", "X-RateLimit-Reset": "1795528860"}


def _failed(status: int, code: int, message: str):
    return status, {"errors": [{"message": message, "code": code, "moreInfo": ""}]}, {}
