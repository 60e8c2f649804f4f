"""SNS: whoever publishes to an encrypted topic must be able to use its key, by policy and by the key's own; MiniStack asks for
neither. (A queue's key is not asked for here: the templates' tests see to it.)"""

from ministack.core import iam_evaluator
from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id
from ministack.services import kms, sns

from .acting import acting_as
from .permissions import seen

ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"]

_get_topic = sns._get_topic


def _get_usable_topic(topic_arn, action=None):
    topic, error = _get_topic(topic_arn, action)
    key = (topic or {}).get("attributes", {}).get("KmsMasterKeyId")
    if action == "sns:Publish" and error is None and key and not _may_use(key, topic["arn"]):
        return None, sns._error("KMSAccessDenied", f"the key of {topic['arn']} lets its publisher not in", 400)
    return topic, error


def _may_use(key: str, topic_arn: str) -> bool:
    topic = parse_arn(topic_arn)
    with acting_as(topic.account_id, topic.region):
        record = kms._resolve_key(key)
        aliases = [arn.rpartition(":")[2] for arn, target in kms._aliases.items() if record and target == record["KeyId"]]
    caller = iam_evaluator.caller_arn()
    account = get_account_id()
    if record is None or caller.endswith(":root"):
        return record is not None
    role = iam_evaluator._role_name_from_assumed_arn(caller)
    policies = iam_evaluator._gather_role_policies(role, account)
    for action in ACTIONS:
        context = iam_evaluator.EvalContext(
            caller,
            "AssumedRole",
            account,
            action,
            record["Arn"],
            topic.region,
            secure_transport=True,
            service_context={"kms:viaservice": f"sns.{topic.region}.amazonaws.com", "kms:resourcealiases": aliases},
        )
        identity = iam_evaluator.evaluate(context, policies)
        owner = parse_arn(record["Arn"]).account_id
        whole = iam_evaluator.combine_resource_policy(identity, context, record.get("Policy"), owner, required=True)
        allowed = whole.decision == "Allow"
        seen(account, role, action, record["Arn"], allowed)
        if not allowed:
            return False
    return True


def install() -> None:
    sns._get_topic = _get_usable_topic
