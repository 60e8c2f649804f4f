"""Faults at a chosen call of the handler: a service that refuses or is slow, a handler that dies there.

A fault: {"account", "action": "sns:Publish", "contains": TEXT, "after": "sns:Publish", "times": 1, and what happens:
"error" with "status", or "kill": true, or "delay": seconds}. `contains` is looked for in the decoded body; `after` waits
until the account made that call; `times` 0 means always. A call that is refused, or kills, is not carried out.
"""

import asyncio
import json
from urllib.parse import unquote_plus

import ministack.app
from ministack.core import lambda_runtime
from ministack.core.responses import get_account_id
from ministack.services import sns

faults: list[dict] = []
requests: list[dict] = []  # the handlers' calls: account, action and, once answered, the HTTP status

_dispatch_service_request = ministack.app._dispatch_service_request


def action_of(path: str, headers: dict, body: bytes) -> str | None:
    """The call, for the services that the handler uses."""
    target = headers.get("x-amz-target", "")
    if target.startswith("DynamoDB_"):
        return f"dynamodb:{target.rpartition('.')[2]}"
    if target in ("AmazonSQS.SendMessage", "AmazonSQS.ChangeMessageVisibility"):
        return f"sqs:{target.rpartition('.')[2]}"
    if target == "secretsmanager.GetSecretValue":
        return "secretsmanager:GetSecretValue"
    if path.startswith("/model/"):
        return f"bedrock:{path.rpartition('/')[2].capitalize()}"
    if body.startswith(b"Action=Publish&") or b"&Action=Publish&" in body or body.endswith(b"&Action=Publish"):
        return "sns:Publish"
    return None


async def _dispatch(method, path, headers, body, query_params, request_id):
    action = action_of(path, headers, body)
    account = get_account_id()
    # Not what a test sends itself, as the account's root, whose access key is the account.
    if action is None or f"Credential={account}/" in headers.get("authorization", ""):
        return await _dispatch_service_request(method, path, headers, body, query_params, request_id)
    fault = _take(account, action, body)
    request = {"account": account, "action": action}
    requests.append(request)
    if fault:
        await asyncio.sleep(fault.get("delay", 0))
        if fault.get("kill"):
            _kill_handlers(account)
    if fault and ("error" in fault or fault.get("kill")):
        answer = _refusal(action, fault)
    else:
        answer = await _dispatch_service_request(method, path, headers, body, query_params, request_id)
    request["status"] = answer[0]
    return answer


def _take(account: str, action: str, body: bytes) -> dict | None:
    text = unquote_plus(body.decode("utf-8", "replace"))
    for fault in faults:
        seen = [request["action"] for request in requests if request["account"] == account]
        if (
            fault["account"] == account
            and fault["action"] == action
            and fault.get("contains", "") in text
            and fault.get("after", action) in [action, *seen]
        ):
            fault["left"] = fault.get("left", fault.get("times", 1)) - 1
            if fault["left"] == 0:
                faults.remove(fault)
            return fault
    return None


def _kill_handlers(account: str) -> None:
    """Ends the account's handler processes in the middle of their work, as a crash would."""
    for key, workers in list(lambda_runtime._workers.items()):
        if key.startswith(f"{account}:"):
            for worker in workers:
                process = worker._proc
                if process is not None:
                    process.kill()
                    process.wait()


def _refusal(action: str, fault: dict):
    code, status = fault.get("error", "InternalError"), fault.get("status", 500)
    message = fault.get("message", "refused by a test")
    if action.startswith("sns:"):
        return sns._error(code, message, status)
    body = json.dumps({"__type": code, "message": message}).encode()
    return status, {"Content-Type": "application/x-amz-json-1.0", "x-amzn-errortype": code}, body


def install() -> None:
    ministack.app._dispatch_service_request = _dispatch
