"""The demo, as a newcomer runs it."""

import html
import json
import re
import subprocess
import sys

import findings
from local.aws import ROOT, WORK

PAGE = WORK / "demo.html"


def run_demo(*arguments) -> subprocess.CompletedProcess:
    PAGE.unlink(missing_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "local.demo", *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def mails_of(page: str) -> list[str]:
    """The mails by Amazon SNS, each in Japanese and in English."""
    channels = re.findall(r'<div class="channel is-topic">(.*?)</article>\s*<details>.*?</article>', page, re.DOTALL)
    return [html.unescape(channel) for channel in channels]


def test_each_of_our_events_arrives_and_answers_are_labelled_as_recorded():
    ran = run_demo()
    assert ran.returncode == 0, ran.stderr
    page = PAGE.read_text(encoding="utf-8")
    assert str(PAGE) in ran.stdout
    mails = mails_of(page)
    assert len(mails) == 4
    for mail, named in zip(
        mails,
        ["i-0a1b2c3d4e5f60718", "example-campaign-entry-forms", "VPN Login From New Country", "BitcoinTool"],
        strict=True,
    ):
        assert named in mail
        assert named in ran.stdout or "lines more on the page" in ran.stdout
    assert ran.stdout.count(": recorded answer") == 2
    assert page.count("<strong>model</strong>: recorded") == 4, "two findings in two languages"
    assert not re.search(r"""(src|href)=["']http:|@import|url\(|<script""", page), "the page fetches something"
    assert "default-src 'none'" in page


def test_an_event_of_the_users_own_is_played_and_can_put_no_markup_into_the_page(tmp_path):
    event = json.loads(findings.unknown())
    hostile = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>"
    event["detail"]["message"] = hostile
    own = tmp_path / "<b>own.json"
    own.write_text(json.dumps(event), encoding="utf-8")
    ran = run_demo(own)
    assert ran.returncode == 0, ran.stderr
    page = PAGE.read_text(encoding="utf-8")
    (mail,) = mails_of(page)
    assert "alert(1)" in mail
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page


def test_a_file_that_is_not_there_is_named_in_one_line(tmp_path):
    ran = run_demo(tmp_path / "missing.json")
    assert ran.returncode == 1
    assert "missing.json" in ran.stderr
    assert "Traceback" not in ran.stderr
