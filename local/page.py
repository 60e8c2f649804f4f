"""The demo's page: each notification as its reader sees it, beside what the model was asked. One file, nothing fetched."""

import json
from html import escape
from pathlib import Path

from .play import Played, origin

STYLE = Path(__file__).with_name("page.css")


def render(played: list[Played], real_bedrock: bool) -> str:
    """All that comes from outside this file passes through `escape`."""
    account = "the model alone was asked in the caller's AWS account" if real_bedrock else "no AWS account took part"
    sections = "\n".join(_section(number, one) for number, one in enumerate(played, 1))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Finding Advisor: the demo</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<h1>Finding Advisor: what arrived</h1>
<p class="faint">Each event went through the deployed template, unmodified, and the real handler, on this machine:
{account}. Left: the mail as its reader gets it. Right: what the model was asked, and where its answer came from.</p>
{sections}
</body>
</html>
"""


def _section(number: int, played: Played) -> str:
    way = f"Put on the default bus; let through by {', '.join(played.rules)}." if played.rules else (
        "No rule lets it through: sent straight to the queue."
    )
    left = "\n".join(map(_mail, played.notifications)) or _nobody(played)
    right = "\n".join(map(_call, played.calls)) or '<div class="card"><p class="below">The model was not asked.</p></div>'
    return f"""<section>
<h2>{number}. {escape(played.event.name)}</h2>
<p class="faint">{escape(way)} {played.seconds:.1f} s to the end of the handler's work.</p>
<div class="pair">
<div>
<h3>The notification</h3>
{left}
</div>
<div>
<h3>The model</h3>
{right}
<div class="card"><div class="below">{_fold("The event as it came", _pretty(played.event.text))}
{_fold("The handler's log", played.log)}</div></div>
</div>
</div>
</section>"""


def _mail(notification: dict) -> str:
    topic = notification["topic"].rpartition(":")[2]
    return f"""<article class="card mail">
<dl>
<dt>From</dt><dd>AWS Notifications &lt;no-reply@sns.amazonaws.com&gt;</dd>
<dt>To</dt><dd>subscribers of {escape(topic)}</dd>
<dt>Subject</dt><dd class="subject">{escape(notification["subject"])}</dd>
</dl>
<pre>{escape(notification["text"])}</pre>
</article>"""


def _nobody(played: Played) -> str:
    why = "The handler gave it back to the queue." if played.returned else "Nobody was told. The handler's log says why."
    return f'<div class="card"><p class="below">{why}</p></div>'


def _call(call: dict) -> str:
    request = call["request"]
    system = "\n\n".join(_texts(request.get("system", [])))
    asked = "\n\n".join(_texts([message["content"] for message in request["messages"]]))
    tools = json.dumps(request.get("toolConfig", {}), ensure_ascii=False, indent=2)
    answer = json.dumps(call.get("response", {}), ensure_ascii=False, indent=2)
    return f"""<article class="card model">
<p class="label">{escape(origin(call))}</p>
<p>{escape(call["model"])}</p>
<pre>{escape(asked)}</pre>
{_fold("The rules it was given", system)}
{_fold("The shape it has to answer in", tools)}
{_fold("Its answer, before the check", answer)}
</article>"""


def _fold(title: str, text: str) -> str:
    return f"<details><summary>{escape(title)}</summary><pre>{escape(text)}</pre></details>"


def _texts(node) -> list[str]:
    """The texts of content blocks, guarded ones too, in order."""
    if isinstance(node, list):
        return [text for child in node for text in _texts(child)]
    if isinstance(node, dict):
        text = node.get("text")
        return [text] if isinstance(text, str) else [text for child in node.values() for text in _texts(child)]
    return []


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return text
