"""Jira Cloud, REST version 3: the issues of one project with a workflow of three statuses. Texts are documents (ADF)."""

import base64
import json
import re

PROJECT, ISSUE_TYPE, EMAIL = "SEC", "10001", "robot@example.com"
PRIORITIES = ["Highest", "High", "Medium", "Low", "Lowest"]
STATUSES = ["To Do", "In Progress", "Done"]
MOST_SUMMARY = 255
MOST_TEXT = 32_767  # of all text of a document
NODES = {
    "blockquote", "bulletList", "codeBlock", "doc", "hardBreak", "heading", "listItem", "orderedList", "panel",
    "paragraph", "rule", "table", "tableCell", "tableHeader", "tableRow", "text",
}  # fmt: skip
LABELS = re.compile(r'project = "([A-Z]+)" AND labels = "([^"]+)"')
ISSUE = re.compile(r"/rest/api/3/issue/([A-Z]+-\d+)/(comment|transitions)$")


class Site:
    """The issues, in the order in which they were made."""

    def __init__(self, token: str):
        self.secret = token
        self.issues: list[dict] = []  # key, fields, status, comments

    def knows(self, _path: str, headers: dict) -> bool:
        pair = base64.b64encode(f"{EMAIL}:{self.secret}".encode()).decode()
        return headers.get("authorization") == f"Basic {pair}"

    @staticmethod
    def stranger():
        return 401, "Client must be authenticated to access this resource.", {}

    def answer(self, method: str, path: str, body: str):
        said = json.loads(body) if body else {}
        issue = ISSUE.match(path)
        if (method, path) == ("GET", "/rest/api/3/project/SEC"):
            return 200, {"id": "10000", "key": "SEC"}, {}
        if (method, path) == ("POST", "/rest/api/3/search/jql"):
            return self._search(said)
        if (method, path) == ("POST", "/rest/api/3/issue"):
            return self._create(said["fields"])
        found = next((one for one in self.issues if issue and one["key"] == issue[1]), None)
        if found is None:
            return _failed(404, "Issue does not exist or you do not have permission to see it.")
        if issue[2] == "comment" and method == "POST":
            return self._comment(found, said["body"])
        if method == "GET":
            return 200, {"transitions": _transitions(found)}, {}
        return self._move(found, said["transition"]["id"])

    def _search(self, said: dict):
        query = LABELS.match(said.get("jql", ""))
        if query is None:
            return _failed(400, "Error in the JQL Query.")
        found = [one for one in self.issues if query[1] == PROJECT and query[2] in one["fields"].get("labels", [])]
        return 200, {"issues": [{"id": _id(one), "key": one["key"]} for one in found[::-1]], "isLast": True}, {}

    def _create(self, fields: dict):
        errors = {}
        if fields.get("project") != {"key": PROJECT}:
            errors["project"] = "valid project is required"
        if fields.get("issuetype") != {"id": ISSUE_TYPE}:
            errors["issuetype"] = "valid issue type is required"
        summary = fields.get("summary", "")
        if not 0 < len(summary) <= MOST_SUMMARY or "\n" in summary:
            errors["summary"] = "Summary must be a line of 1 to 255 characters."
        if "priority" in fields and fields["priority"].get("name") not in PRIORITIES:
            errors["priority"] = "The priority selected is invalid."
        if any(re.search(r"\s", label) for label in fields.get("labels", [])):
            errors["labels"] = "The label can't contain spaces."
        if wrong := wrong_document(fields.get("description")):
            errors["description"] = wrong
        if errors:
            return 400, {"errorMessages": [], "errors": errors}, {}
        issue = {"key": f"{PROJECT}-{len(self.issues) + 1}", "fields": fields, "status": STATUSES[0], "comments": []}
        self.issues.append(issue)
        link = f"https://example.atlassian.net/rest/api/3/issue/{_id(issue)}"
        return 201, {"id": _id(issue), "key": issue["key"], "self": link}, {}

    def _comment(self, issue: dict, document: dict):
        if wrong := wrong_document(document):
            return 400, {"errorMessages": [], "errors": {"comment": wrong}}, {}
        issue["comments"].append(document)
        return 201, {"id": str(10_000 + len(issue["comments"])), "body": document}, {}

    def _move(self, issue: dict, id: str):
        to = next((one["to"]["name"] for one in _transitions(issue) if one["id"] == id), None)
        if to is None:
            return _failed(400, "It seems that you have tried to perform an illegal workflow operation.")
        issue["status"] = to
        return 204, None, {}


def _transitions(issue: dict) -> list[dict]:
    """To every other status; the ids depend on where the issue is."""
    here = STATUSES.index(issue["status"])
    others = [(place, status) for place, status in enumerate(STATUSES) if place != here]
    return [{"id": str(10 * (here + 1) + place), "name": f"Move to {to}", "to": {"name": to}} for place, to in others]


def _id(issue: dict) -> str:
    return str(10_000 + int(issue["key"].rpartition("-")[2]))


def texts(node: dict) -> list[str]:
    """All text of a document, in order."""
    own = [node["text"]] if node.get("type") == "text" else []
    return own + [text for child in node.get("content", []) for text in texts(child)]


def wrong_document(document) -> str | None:
    """What Jira would say of this document, if anything."""
    if not isinstance(document, dict) or (document.get("type"), document.get("version")) != ("doc", 1):
        return "Operation value must be an Atlassian Document"
    if sum(map(len, texts(document))) > MOST_TEXT:
        return "CONTENT_LIMIT_EXCEEDED"
    return "INVALID_INPUT" if _is_wrong(document) else None


def _is_wrong(node: dict) -> bool:
    is_empty_text = node.get("type") == "text" and not node.get("text")
    return node.get("type") not in NODES or is_empty_text or any(map(_is_wrong, node.get("content", [])))


def _failed(status: int, message: str):
    return status, {"errorMessages": [message], "errors": {}}, {}
