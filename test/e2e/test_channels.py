"""Every channel over its real protocol: one conversation a finding, whatever a service answers, and nothing repeated."""

import json
from html.parser import HTMLParser

import findings
import pytest
from local.aws import wait_for
from local.services import jira, slack
from local.services.authority import Authority

EVERY_ROUTE = ["topic", "chat", "mail", "slack", "hook", "backlog", "jira"]
# Seconds until a record comes back that failed; the construct's six minutes, where nothing shortens them, outlast every test.
BACK_SOON = 4
# What the local AWS does not count: Amazon SNS, Publish; Amazon Q Developer, custom notifications, in characters.
MOST_BYTES_OF_A_TOPIC = 262_144
MOST_TITLE, MOST_DESCRIPTION = 250, 8_000
DOWN = {"status": 503, "body": "down"}


class Channels:
    """The app with a route over every channel, and what arrived there."""

    def __init__(self, deployment, customer):
        self.deployment = deployment
        self.customer = customer
        self.by_topic: dict[str, list[str]] = {name: [] for name in deployment.topics}

    def tell(self, event: dict) -> None:
        before = len(self.deployment.invocations())
        self.deployment.send_to_queue(findings.body(event))
        self.deployment.invocations_ended(before + 1)

    def is_done(self) -> bool:
        return self.deployment.queue_is_empty()

    def topic(self, name: str) -> list[str]:
        """All that was published to a topic."""
        names = {topic: name for name, topic in self.deployment.topics.items()}
        for arrived in self.deployment.arrived():
            self.by_topic[names[arrived["topic"]]].append(arrived["text"])
        return self.by_topic[name]

    def mails(self) -> list:
        return self.deployment.aws.mails(self.deployment.account)

    def count(self) -> dict[str, int]:
        """How many messages, threads and issues each channel's reader has before him."""
        return {
            "topic": len(self.topic("topic")),
            "chat": len(self.topic("chat")),
            "mail": len(self.mails()),
            "slack": len(self.customer.slack.parents()),
            "hook": len(self.customer.hook.messages),
            "backlog": len(self.customer.backlog.issues),
            "jira": len(self.customer.jira.issues),
        }

    def fates(self) -> list[dict[str, tuple[str, str]]]:
        """What became of the finding on each route, a dict a try."""
        return [
            {route["route"]: (route["fate"], route["reason"]) for route in report["routes"]}
            for report in self.deployment.reports()
        ]


@pytest.fixture
def channels(deploy, services):
    deployment = deploy("every-channel")
    customer = services.customer(deployment.account)
    deployment.set_secrets(customer.secrets)
    deployment.verify_identity("example.com")
    return Channels(deployment, customer)


def test_a_finding_that_opens_worsens_and_closes_is_one_conversation_on_every_channel(channels):
    customer, event = channels.customer, findings.guardduty()
    channels.tell(findings.later(event, severity=5))
    assert channels.count() == dict.fromkeys(EVERY_ROUTE, 1)
    channels.tell(findings.later(event, severity=8))
    channels.tell(findings.later(event, severity=8, archived=True))
    for fates, reason in zip(channels.fates(), ["new", "worse", "closed"], strict=True):
        assert [fates[route] for route in EVERY_ROUTE] == [("told", reason)] * len(EVERY_ROUTE)
    each_by_itself = {"topic": 3, "chat": 3, "mail": 3, "hook": 3}
    assert channels.count() == dict.fromkeys(EVERY_ROUTE, 1) | each_by_itself

    (thread,) = {json.loads(text)["metadata"]["threadId"] for text in channels.topic("chat")}
    mails = channels.mails()
    (root,) = {mail["References"] for mail in mails}
    assert {mail["In-Reply-To"] for mail in mails} == {root}
    assert root.startswith("<finding-") and root.removeprefix("<finding-").partition("@")[0] in thread
    assert len({mail["Message-ID"] for mail in mails} | {root}) == 4

    (parent,) = customer.slack.parents()
    answers = customer.slack.answers(parent)
    assert [answer["broadcast"] for answer in answers] == [False, True, False], "only what got worse is shown in the channel"
    assert "アーカイブ済み" in parent["text"]
    (issue,) = customer.backlog.issues
    assert (issue["status"], issue["priority"], len(issue["comments"])) == (3, 2, 2)
    (issue,) = customer.jira.issues
    assert (issue["status"], len(issue["comments"])) == ("Done", 2)
    assert [request for request in customer.requests if request["status"] >= 300] == []
    assert channels.topic("rest") == []
    assert channels.is_done()


def test_a_mail_is_html_and_text_of_the_same_words_with_the_original_event(channels):
    event = findings.guardduty()
    channels.tell(event)
    (mail,) = channels.mails()
    assert mail["From"] == "Security <security@example.com>"
    assert mail["To"] == "team@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    for word in ("i-0a1b2c3d4e5f60718", "ticket-mailer-instance-role", "ASIAIOSFODNN7EXAMPLE"):
        assert word in text and word in html, word
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "finding.json"
    assert json.loads(file.get_content()) == event


def test_channels_that_fail_for_ever_neither_delay_nor_repeat_the_others(channels):
    deployment, customer = channels.deployment, channels.customer
    deployment.set_visibility_timeout(BACK_SOON)
    customer.refuse("backlog", **DOWN, times=0)
    customer.refuse("jira", hang_up=True, times=0)
    channels.tell(findings.guardduty())
    others = dict.fromkeys(EVERY_ROUTE, 1) | {"backlog": 0, "jira": 0}
    assert channels.count() == others, "at once, not after the retries"
    assert len(wait_for("the dead letter", deployment.dead_letters, seconds=60)) == 1
    assert channels.count() == others, "not once more"
    tries = channels.fates()
    assert len(tries) == 5
    assert {fates["backlog"] for fates in tries} == {("refused", "http_503")}
    assert {fates["jira"] for fates in tries} == {("refused", "silence")}


def test_a_service_that_asks_to_wait_is_left_alone_that_long_and_no_longer(channels):
    customer = channels.customer
    limited = {"ok": False, "error": "ratelimited"}
    customer.refuse("slack", status=429, headers={"Retry-After": "2"}, body=limited)
    channels.tell(findings.guardduty())
    assert channels.fates()[0]["slack"] == ("refused", "http_429")
    # The queue's own time is six minutes: it is Slack's word that brings the record back.
    wait_for("the thread", lambda: customer.slack.parents() and channels.is_done(), seconds=30)
    assert channels.count() == dict.fromkeys(EVERY_ROUTE, 1)
    actions = [request["action"] for request in channels.deployment.aws.requests(channels.deployment.account)]
    assert actions.count("sqs:ChangeMessageVisibility") == 1
    assert channels.deployment.dead_letters() == []


@pytest.mark.parametrize(
    ("route", "refusal", "reason"),
    [
        ("slack", {"status": 200, "body": {"ok": False, "error": "token_revoked"}}, "slack:token_revoked"),
        ("hook", {"status": 410, "body": "channel_is_archived"}, "http_410"),
        ("backlog", {"status": 403, "body": {"errors": [{"message": "IP", "code": 4, "moreInfo": ""}]}}, "backlog:4"),
        ("jira", {"status": 401, "body": {"errorMessages": ["Client must be authenticated."]}}, "http_401"),
    ],
)
def test_what_a_service_refuses_for_good_is_told_over_the_default_route_with_the_reason(channels, route, refusal, reason):
    channels.customer.refuse(route, **refusal, times=0)
    channels.tell(findings.guardduty())
    assert channels.fates()[0][route] == ("rerouted", reason)
    (text,) = channels.topic("rest")
    assert f"The route {route} refuses notifications ({reason})" in text
    assert channels.count() == dict.fromkeys(EVERY_ROUTE, 1) | {route: 0}
    assert channels.is_done(), "no retry mends it"


def test_a_secret_that_is_gone_is_told_over_the_default_route_by_its_code(channels):
    channels.deployment.client("secretsmanager").delete_secret(SecretId="slack-bot", ForceDeleteWithoutRecovery=True)
    channels.tell(findings.guardduty())
    # The grant is for a secret of this name with the random end that AWS gives it: what is not there is not granted.
    code = "secret:AccessDeniedException"
    assert channels.fates()[0]["slack"] == ("rerouted", code)
    assert channels.customer.asked("slack") == []
    assert code in channels.topic("rest")[0]


def test_a_rotated_secret_is_read_anew_after_the_old_one_was_refused(channels):
    customer, deployment = channels.customer, channels.deployment
    channels.tell(findings.another(findings.guardduty(), 1))
    customer.jira.secret += "-rotated"
    deployment.client("secretsmanager").put_secret_value(SecretId="jira-token", SecretString=customer.jira.secret)
    channels.tell(findings.another(findings.guardduty(), 2))
    channels.tell(findings.another(findings.guardduty(), 3))
    assert [fates["jira"] for fates in channels.fates()] == [("told", "new"), ("rerouted", "http_401"), ("told", "new")]


def test_an_answer_that_is_lost_after_the_work_was_done_makes_no_second_issue_and_a_message_says_so(channels):
    customer = channels.customer
    channels.deployment.set_visibility_timeout(BACK_SOON)
    lost = {"done": True, "hang_up": True}
    customer.refuse("backlog", **lost, contains="POST /api/v2/issues ")
    customer.refuse("jira", **lost, contains="POST /rest/api/3/issue ")
    customer.refuse("slack", **lost)
    customer.refuse("hook", **lost)
    channels.tell(findings.guardduty())
    wait_for("an empty queue", channels.is_done, seconds=30)
    # Chat has no way to look first; trackers do, and comment on what they find.
    assert channels.count() == dict.fromkeys(EVERY_ROUTE, 1) | {"slack": 2, "hook": 2}
    repeat = "may be a repeat"
    first, second = (json.dumps(message["blocks"], ensure_ascii=False) for message in customer.hook.messages)
    assert repeat not in first and repeat in second
    assert channels.deployment.dead_letters() == []


def test_a_service_that_cannot_prove_its_name_is_told_nothing_and_gets_no_secret(channels, tmp_path):
    channels.deployment.set_variable("SSL_CERT_FILE", str(Authority(tmp_path).root))
    channels.tell(findings.guardduty())
    fates = channels.fates()[0]
    over_http = ["slack", "hook", "backlog", "jira"]
    assert {route: fates[route] for route in over_http} == dict.fromkeys(over_http, ("refused", "unreached"))
    assert channels.customer.requests == []
    assert channels.count() == dict.fromkeys(EVERY_ROUTE, 1) | dict.fromkeys(over_http, 0)


def test_what_somebody_deleted_is_made_anew_and_then_used(channels):
    customer, event = channels.customer, findings.guardduty()
    channels.tell(findings.later(event, severity=5))
    customer.slack.messages.clear()
    customer.backlog.issues.clear()
    customer.jira.issues.clear()
    channels.tell(findings.later(event, severity=8))
    channels.tell(findings.later(event, severity=8, archived=True))
    assert len(customer.slack.parents()) == 1
    assert [len(issue["comments"]) for issue in (*customer.backlog.issues, *customer.jira.issues)] == [1, 1]
    assert channels.is_done()


def test_hostile_and_huge_text_is_taken_by_every_service_at_once_and_does_nothing(channels):
    customer = channels.customer
    channels.tell(findings.hostile())
    assert channels.count() == dict.fromkeys(EVERY_ROUTE, 1)
    fates = channels.fates()[0]
    assert [fates[route] for route in EVERY_ROUTE] == [("told", "new")] * len(EVERY_ROUTE)
    creates = {"slack": "chat.postMessage", "backlog": "POST", "jira": "POST /rest/api/3/issue"}
    once = {service: len(customer.asked(service, part)) for service, part in creates.items()}
    assert once == {"slack": 2, "backlog": 1, "jira": 1}, "a first message and its thread; nothing was sent plainer"

    for message in (*customer.slack.messages, *customer.hook.messages):
        assert not slack.wrong_blocks(message["blocks"])
        for text in mrkdwn(message):
            assert "<!" not in text and "<@" not in text and "<https://evil" not in text, text
        assert evil_links(message["blocks"]) == []
    (issue,) = customer.jira.issues
    document = issue["fields"]["description"]
    assert evil_links(document) == []
    assert any("<!channel>" in text for text in jira.texts(document)), "it is shown as it is"
    (issue,) = customer.backlog.issues
    assert "](javascript:" not in issue["description"]
    (text,) = channels.topic("topic")
    assert len(text.encode()) <= MOST_BYTES_OF_A_TOPIC
    content = json.loads(*channels.topic("chat"))["content"]
    assert (len(content["title"]) <= MOST_TITLE, len(content["description"]) <= MOST_DESCRIPTION) == (True, True)
    (mail,) = channels.mails()
    tags = Tags(mail.get_body(["html"]).get_content())
    assert not {"script", "img", "iframe", "link", "object"} & set(tags.names)
    assert [link for link in tags.links if not link.startswith("https://") or "evil" in link] == []


def test_no_secret_stands_in_a_log_a_notification_or_the_ledger(channels):
    customer, deployment = channels.customer, channels.deployment
    customer.refuse("slack", status=200, body={"ok": False, "error": f"echo {customer.slack.secret}"})
    customer.refuse("jira", status=418, body={"errorMessages": [customer.jira.secret]})
    channels.tell(findings.guardduty())
    (table,) = deployment.client("dynamodb").list_tables()["TableNames"]
    rows = deployment.client("dynamodb").scan(TableName=table)["Items"]
    seen = [deployment.handler_log(), json.dumps(rows), *channels.topic("rest"), *channels.topic("topic")]
    seen += [json.dumps(message) for message in customer.hook.messages]
    for secret in customer.secrets.values():
        assert not any(secret in text for text in seen), secret


def mrkdwn(message: dict) -> list[str]:
    """The texts of a message that Slack reads as markup: its own, and those of this kind in its blocks."""
    found = [message["text"]]

    def look(node):
        if isinstance(node, dict):
            if node.get("type") == "mrkdwn":
                found.append(node["text"])
            node = list(node.values())
        if isinstance(node, list):
            for child in node:
                look(child)

    look(message["blocks"])
    return found


def evil_links(node) -> list[str]:
    """The addresses that a reader could click on and that are not ours."""
    if isinstance(node, dict):
        own = [node[name] for name in ("url", "href") if isinstance(node.get(name), str)]
        found = [address for address in own if not address.startswith("https://") or "evil" in address]
        return found + evil_links(list(node.values()))
    return [found for child in node for found in evil_links(child)] if isinstance(node, list) else []


class Tags(HTMLParser):
    """The tags of a page, and the addresses of its links."""

    def __init__(self, page: str):
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.names.append(tag)
        self.links += [value for name, value in attributes if name == "href" and tag == "a"]
