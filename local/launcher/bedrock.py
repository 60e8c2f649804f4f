"""Bedrock's Converse, behind the signature and IAM checks: scripted by a test, else recorded, else the real one.

A script is a list of answers, taken in order by the calls of one account:
    {"body": RESPONSE}                                    the response as it is
    {"answer": OBJECT}                                    the response of a model that called the tool with this object
    {"error": "ThrottlingException", "status": 429}       an error, as Bedrock sends it
each with `delay` (seconds) and `model` (taken only by calls of a model whose id contains it), both optional.

An account's guardrails step in at a text of a test's, wherever ApplyGuardrail is shown it.
"""

import json
import time

from ministack.core.responses import get_account_id
from ministack.services import bedrock_runtime

from . import recorded

calls: list[dict] = []
scripts: dict[str, list[dict]] = {}  # by account
assessed: list[dict] = []  # what guardrails were shown: account, guardrail, version, text
forbidden: dict[str, str] = {}  # by account: where its guardrails step in

_real = None  # the real Bedrock, where the caller asked for it


def _converse(model: str, _headers, body: bytes):
    request = json.loads(body)
    account = get_account_id()
    call = {"account": account, "model": model, "request": request}
    calls.append(call)
    script = scripts.get(account, [])
    turn = next((turn for turn in script if turn.get("model", "") in model), None)
    if turn is not None:
        script.remove(turn)
        call["origin"] = "scripted"
        time.sleep(turn.get("delay", 0))
        return _reply(call, turn)
    if _real is not None:
        call["origin"] = "bedrock"
        return _reply(call, _real.turn(model, request))
    name, answer = recorded.answer_to(request)
    call["origin"] = "recorded" if name else "none"
    call["recording"] = name
    return _reply(call, {"answer": answer})


def _reply(call: dict, turn: dict):
    if "error" in turn:
        call["error"] = turn["error"]
        headers = {"Content-Type": "application/json", "x-amzn-errortype": turn["error"]}
        return turn.get("status", 400), headers, json.dumps({"message": turn.get("message", "")}).encode()
    response = turn["body"] if "body" in turn else _tool_use(turn["answer"])
    call["response"] = response
    return 200, {"Content-Type": "application/json"}, json.dumps(response, ensure_ascii=False).encode()


def _tool_use(answer) -> dict:
    use = {"toolUseId": "tooluse_local", "name": "advice", "input": answer}
    return {
        "output": {"message": {"role": "assistant", "content": [{"toolUse": use}]}},
        "stopReason": "tool_use",
        "usage": {"inputTokens": 3000, "outputTokens": 900, "totalTokens": 3900},
        "metrics": {"latencyMs": 1},
    }


def _apply_guardrail(guardrail: str, version: str, body: bytes):
    account = get_account_id()
    text = "\n".join(part["text"]["text"] for part in json.loads(body)["content"])
    assessed.append({"account": account, "guardrail": guardrail, "version": version, "text": text})
    steps_in = account in forbidden and forbidden[account] in text
    units = dict.fromkeys(
        (
            "topicPolicyUnits",
            "contentPolicyUnits",
            "wordPolicyUnits",
            "sensitiveInformationPolicyUnits",
            "sensitiveInformationPolicyFreeUnits",
            "contextualGroundingPolicyUnits",
        ),
        0,
    )
    answer = {
        "action": "GUARDRAIL_INTERVENED" if steps_in else "NONE",
        "usage": units,
        "outputs": [{"text": "blocked"}] if steps_in else [],
        "assessments": [],
    }
    return 200, {"Content-Type": "application/json"}, json.dumps(answer).encode()


def install(real=None) -> None:
    """`real`: who is asked where nothing is scripted (see `real_bedrock`); without one the recordings answer."""
    global _real
    _real = real
    bedrock_runtime._converse = _converse
    bedrock_runtime._apply_guardrail = _apply_guardrail
