"""The paths under /_local/, which drive the local AWS and read what happened in it. JSON in, JSON out."""

import asyncio
import json

import ministack.app

from . import alarms, bedrock, delays, deliveries, faults, invocations, mails, organizations, permissions, resources

_app = ministack.app.app


def _put_service_event(body):
    return deliveries.put_service_event(body["account"], body["region"], body["entries"])


def _hasten(body):
    return delays.hasten(body["account"], body["region"], body["queue"])


def _script_bedrock(body):
    bedrock.scripts[body["account"]] = body["script"]


def _add_fault(body):
    faults.faults.append(body)


def _join(body):
    organizations.organizations[body["account"]] = body["organization"]


DOORS = {
    ("POST", "/_local/service-event"): _put_service_event,
    ("POST", "/_local/hasten"): _hasten,
    ("POST", "/_local/bedrock"): _script_bedrock,
    ("GET", "/_local/bedrock"): lambda _: bedrock.calls,
    ("POST", "/_local/faults"): _add_fault,
    ("POST", "/_local/organization"): _join,
    ("GET", "/_local/stack-sets"): lambda _: resources.stack_sets,
    ("GET", "/_local/alarms"): lambda _: alarms.deployed,
    ("GET", "/_local/asked"): lambda _: permissions.asked,
    ("GET", "/_local/denied"): lambda _: permissions.denied,
    ("GET", "/_local/requests"): lambda _: faults.requests,
    ("GET", "/_local/invocations"): lambda _: invocations.invocations,
    ("GET", "/_local/mails"): lambda _: mails.mails,
}


async def _handle(scope, receive, send):
    door = DOORS.get((scope.get("method"), scope.get("path", "")))
    if scope["type"] != "http" or door is None:
        return await _app(scope, receive, send)
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    # In a thread: a rule's target may block, and the loop must go on serving.
    result = await asyncio.to_thread(door, json.loads(body) if body else None)
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(result, ensure_ascii=False, default=str).encode()})


def install() -> None:
    ministack.app.app = _handle
