"""Where MiniStack is patched. Its private names may change with any version: they are checked before anything starts."""

import importlib
from importlib.metadata import PackageNotFoundError, version

KNOWN_VERSION = "1.5.33"

# Every private name that a module of this package patches or calls.
SEAMS = {
    "ministack.app": ["_dispatch_service_request", "_enforce_data_plane", "_enforce_ses_v2", "app", "main", "pin_request_origin"],
    "ministack.core.arn": ["parse_arn"],
    "ministack.core.iam_actions": ["access_denied_response", "extract_iam_action", "extract_resource_arn"],
    "ministack.core.iam_evaluator": [
        "EvalContext",
        "_gather_role_policies",
        "_resolve_condition_key",
        "_role_name_from_assumed_arn",
        "caller_arn",
        "combine_resource_policy",
        "enforce",
        "evaluate",
        "evaluate_resource_policy",
        "resolve_credential",
    ],
    "ministack.core.lambda_runtime": ["Worker", "_workers", "reset"],
    "ministack.core.responses": ["_request_account_id", "_request_region", "get_account_id", "get_region"],
    "ministack.services.bedrock_runtime": ["_converse"],
    "ministack.services.cloudformation.provisioners": ["_RESOURCE_HANDLERS", "_cw_metric_alarm_record"],
    "ministack.services.eventbridge": [
        "_dispatch_event",
        "_dispatch_to_sqs",
        "_event_bus_policies",
        "_event_buses",
        "_invoke_target",
        "_pattern_event_view",
        "_put_events",
    ],
    "ministack.services.kms": ["_aliases", "_resolve_key"],
    "ministack.services.lambda_svc": ["_execute_function"],
    "ministack.services.ses_v2": ["_json_err", "handle_request"],
    "ministack.services.sns": ["_error", "_get_topic"],
    "ministack.services.sqs": ["_queue_by_arn"],
}


def missing(seams=None) -> list[str]:
    """The names that this MiniStack does not have."""
    absent = []
    for module, names in (seams or SEAMS).items():
        try:
            found = importlib.import_module(module)
        except ImportError:
            absent.append(module)
            continue
        absent += [f"{module}.{name}" for name in names if not hasattr(found, name)]
    return absent


def check_version() -> None:
    """Stops with one clear line unless this is the MiniStack that the patches were written for."""
    try:
        installed = version("ministack")
    except PackageNotFoundError:
        raise SystemExit("local AWS: MiniStack is not installed; run: pip install -r local/requirements.txt") from None
    if installed != KNOWN_VERSION:
        raise SystemExit(
            f"local AWS: expected MiniStack {KNOWN_VERSION}, got {installed}: the patches in local/launcher lean on its "
            "private names; run: pip install -r local/requirements.txt"
        )


def check_names() -> None:
    """Stops where a patched name is missing: a patch that hits nothing would let a test pass for no reason."""
    if absent := missing():
        raise SystemExit(f"local AWS: MiniStack {KNOWN_VERSION} lacks {', '.join(absent)}, which local/launcher patches")
