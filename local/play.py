"""Plays one event through the deployed app and collects all that came of it."""

from dataclasses import dataclass

from .aws import LocalAwsError, wait_for
from .deployment import Deployment
from .events import Event

PATIENCE = 90  # seconds; the handler's own limit is 60


@dataclass(frozen=True)
class Played:
    """What came of one event."""

    event: Event
    rules: list[str]  # the rules that let it through; none: it went straight into the queue
    seconds: float  # from the event to the end of the handler's work
    notifications: list[dict]  # `topic`, `subject`, `text`
    calls: list[dict]  # what Bedrock was asked and answered
    log: str
    returned: bool  # the handler gave it back to the queue, or failed


def play(deployment: Deployment, event: Event, clock) -> Played:
    ended = len(deployment.invocations())
    asked = len(deployment.aws.bedrock_calls(deployment.account))
    start = clock()
    deliveries = deployment.put_service_event(event.event) if event.event else []
    if refused := [delivery["rule"] for delivery in deliveries if delivery["refused"]]:
        raise LocalAwsError(f"the queue's policy refuses what {', '.join(refused)} sends")
    if not deliveries:
        deployment.send_to_queue(event.text)

    def done():
        new = [invocation for invocation in deployment.invocations()[ended:] if invocation["done"]]
        records = sum(len(invocation["records"]) for invocation in new)
        return new if records >= max(1, len(deliveries)) else None

    invocations = wait_for(f"the handler to take {event.name}", done, PATIENCE)
    return Played(
        event=event,
        rules=[delivery["rule"] for delivery in deliveries],
        seconds=clock() - start,
        notifications=deployment.arrived(),
        calls=deployment.aws.bedrock_calls(deployment.account)[asked:],
        log="\n".join(invocation["log"] for invocation in invocations),
        returned=any(
            invocation["failed"] or (invocation["answer"] or {}).get("batchItemFailures") for invocation in invocations
        ),
    )


def origin(call: dict) -> str:
    """Where an answer came from, said so that nobody takes a recording for a model."""
    if "error" in call:
        return f"Amazon Bedrock refused: {call['error']}"
    return {
        "recorded": f"recorded answer {call.get('recording')}: no model was asked just now",
        "none": "there is no recorded answer for this finding: the local Bedrock answers nothing, so the playbook speaks",
        "bedrock": "answered by Amazon Bedrock just now",
        "scripted": "scripted by a test",
    }[call["origin"]]
