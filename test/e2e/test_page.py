"""The preview's page and the mails in it, as a browser and axe see them; and Slack's own model of what is posted."""

import html
import json
import re
import shutil
import subprocess

import pytest
from slack_sdk.models.blocks import Block

from local.aws import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
EVENTS = ["cases/guardduty-credentials-outside", "cases/hostile-text", "cases/securityhub-control-passed"]
CSP = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"""
# axe takes ground that no style names for white; a browser paints it in this colour.
LOOK = """<style>html { background: Canvas; }</style><script>%s</script><script>
axe.run(document, { iframes: false }).then(({ violations }) => {
  const found = violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]);
  document.documentElement.innerHTML = '<body><pre id="axe"></pre></body>';
  document.getElementById('axe').textContent = JSON.stringify(found);
});
</script>"""


def preview(*arguments: str) -> str:
    command = [ROOT / "target" / "debug" / "finding-advisor", "preview", *(f"{event}/1-event.json" for event in EVENTS)]
    return subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def seen_by_axe(page: str, dark: bool, folder) -> list:
    """What axe finds in a page, on light or on dark ground. It has no right to run there but for the test."""
    file = folder / "page.html"
    body, end, rest = page.replace(CSP, "").rpartition("</body>")
    file.write_text(body + LOOK % AXE.read_text("utf-8") + end + rest, "utf-8")
    shown = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",  # a test machine may be a container, which has none
            "--disable-gpu",
            f"--user-data-dir={folder / 'profile'}",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            "--virtual-time-budget=60000",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    ).stdout
    found = re.search(r'<pre id="axe">(.*?)</pre>', shown, re.DOTALL)
    assert found, "axe did not end"
    return json.loads(html.unescape(found[1]))


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_the_page_and_in_each_mail(tmp_path, dark):
    page = preview("--output", "html")
    assert CSP in page
    assert seen_by_axe(page, dark, tmp_path) == []
    mails = [json.loads(line)["request"]["ses"]["html"] for line in preview("--output", "json", "--channel", "mail").splitlines()]
    assert len(mails) == 2 * len(EVENTS)
    for mail in mails:
        assert seen_by_axe(mail, dark, tmp_path) == []
    faint = mails[0].replace("</main>", '<p style="color:#bbb;background:#fff">too faint to read</p></main>')
    assert [rule for rule, _ in seen_by_axe(faint, dark, tmp_path)] == ["color-contrast"]


def test_slacks_own_model_takes_every_message_and_refuses_a_long_header():
    channels = ("slack", "slackWebhook")
    lines = [line for channel in channels for line in preview("--output", "json", "--channel", channel).splitlines()]
    messages = [json.loads(line)["request"]["http"]["body"]["blocks"] for line in lines]
    assert len(messages) > 15
    for message in messages:
        for block in Block.parse_all(message):
            block.validate_json()
    header = messages[0][0]
    header["text"]["text"] = "x" * 151
    with pytest.raises(Exception, match="150"):
        Block.parse(header).validate_json()
