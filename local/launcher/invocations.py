"""Lambda: the invocations by a queue, each with its log; and the batch answers that AWS does not accept."""

import itertools

from ministack.core import lambda_runtime
from ministack.core.responses import get_account_id
from ministack.services import lambda_svc

invocations: list[dict] = []  # in the order of their start; `done` once they ended

_execute_function = lambda_svc._execute_function
_numbers = itertools.count()


def _execute(function, event, *args, **kwargs):
    records = event.get("Records") if isinstance(event, dict) else None
    if not records or records[0].get("eventSource") != "aws:sqs":
        return _execute_function(function, event, *args, **kwargs)
    invocation = {
        "number": next(_numbers),
        "account": get_account_id(),
        "records": [{"id": record["messageId"], "body": record["body"]} for record in records],
        "done": False,
    }
    invocations.append(invocation)
    result = _batch_answer(_execute_function(function, event, *args, **kwargs), records)
    invocation.update(
        done=True, failed=bool(result.get("error")), answer=result.get("body"), log=result.get("log") or ""
    )
    return result


def _batch_answer(result, records):
    """An answer that names no message of the batch fails the whole batch on AWS; MiniStack takes it for success."""
    answer = result.get("body")
    if result.get("error") or not isinstance(answer, dict):
        return result
    ids = {record["messageId"] for record in records}
    failures = answer.get("batchItemFailures") or []
    if all(isinstance(failure, dict) and failure.get("itemIdentifier") in ids for failure in failures):
        return result
    return {**result, "error": True, "body": {"errorType": "InvalidBatchResponse", "errorMessage": str(answer)[:200]}}


def install() -> None:
    lambda_svc._execute_function = _execute
    # MiniStack waits 50 ms for the first line of a log. Our handler always writes one, but a busy machine reads it later, and
    # it would stand in the log of the next invocation. First line, silence after a line, all together: in seconds.
    lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (2.0, 0.02, 3.0)
