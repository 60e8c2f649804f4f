"""Which alarms ring, as Amazon CloudWatch would decide: the deployed alarms over what handler, queues and function show.

The handler's metrics are those of its log lines (embedded metric format). Attempts are as far apart as in the construct, whose
six minutes the tests shorten."""

import re
import time
from collections import Counter

from local.deployment import Deployment

BETWEEN_ATTEMPTS = 360  # seconds, the queue's visibility timeout in the construct
STATISTICS = {"Sum": sum, "Maximum": max}

Points = list[tuple[float, float]]  # seconds, value


def ringing(hub: Deployment, account: str | None = None, later: float = 0) -> set[str]:
    """The alarms that ring in the hub's account, or in a member's, so many seconds from now; by their sections in the
    operations document."""
    now = time.time() + later
    account = account or hub.account
    return {section_of(alarm) for alarm in hub.aws.alarms(account) if _rings(alarm, _Metrics(hub, account, now))}


def section_of(alarm: dict) -> str:
    return alarm["AlarmDescription"].rpartition("#")[2]


class _Metrics:
    def __init__(self, hub: Deployment, account: str, now: float):
        self.hub, self.account, self.now = hub, account, now

    def points(self, metric: dict) -> Points:
        dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions") or []}
        match metric["Namespace"], metric["MetricName"]:
            case "FindingAdvisor", name:
                return list(self._emitted(name))
            case "AWS/Lambda", "Errors":
                assert dimensions == {"FunctionName": self.hub.function}
                return [(self.now, 1.0) for one in self.hub.invocations() if one["done"] and one["failed"]]
            case "AWS/SQS", name:
                return self._queue(dimensions["QueueName"], name)
        raise AssertionError(f"an alarm on a metric that nothing here shows: {metric}")

    def _emitted(self, name: str):
        attempts: Counter[str] = Counter()
        for line in self.hub.metric_lines():
            attempt = attempts[line.get("record", "")]
            attempts[line.get("record", "")] += 1
            for directive in line["_aws"]["CloudWatchMetrics"]:
                if [] in directive["Dimensions"] and any(one["Name"] == name for one in directive["Metrics"]):
                    yield line["_aws"]["Timestamp"] / 1000 + attempt * BETWEEN_ATTEMPTS, line[name]

    def _queue(self, name: str, metric: str) -> Points:
        sqs = self.hub.aws.client("sqs", self.account)
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        if metric == "ApproximateNumberOfMessagesVisible":
            number = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[metric.removesuffix("Visible")])
            return [(self.now, float(number["Attributes"]["ApproximateNumberOfMessages"]))]
        assert metric == "ApproximateAgeOfOldestMessage"
        waiting = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, AttributeNames=["SentTimestamp"]
        ).get("Messages", [])
        return [(self.now, self.now - int(message["Attributes"]["SentTimestamp"]) / 1000) for message in waiting]


def _rings(alarm: dict, metrics: _Metrics) -> bool:
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["TreatMissingData"] == "notBreaching"
    periods = int(alarm["EvaluationPeriods"])
    needed = int(alarm.get("DatapointsToAlarm", periods))
    values = _expression(alarm["Metrics"], metrics) if "Metrics" in alarm else _by_period(alarm, metrics)
    breaching = {period for period, value in values.items() if value >= float(alarm["Threshold"])}
    return any(len(breaching & set(range(last - periods + 1, last + 1))) >= needed for last in breaching)


def _by_period(metric: dict, metrics: _Metrics) -> dict[int, float]:
    """The statistic of each period, counted from the first one that has a value."""
    points = metrics.points(metric)
    by_period: dict[int, list[float]] = {}
    for at, value in points:
        by_period.setdefault(int((at - points[0][0]) // int(metric["Period"])), []).append(value)
    return {period: STATISTICS[metric["Statistic"]](found) for period, found in by_period.items()}


def _expression(parts: list[dict], metrics: _Metrics) -> dict[int, float]:
    """Metric math, as far as the construct uses it: comparisons, AND, and one IF around them."""
    (expression,) = [part["Expression"] for part in parts if "Expression" in part]
    condition, then, otherwise = re.fullmatch(r"IF\((.+), (\w+), (\w+)\)", expression).groups()
    stats = [(part["Id"], part["MetricStat"]) for part in parts if "MetricStat" in part]
    named = {id: _by_period({**stat["Metric"], "Period": stat["Period"], "Statistic": stat["Stat"]}, metrics) for id, stat in stats}
    values = {}
    for period in set.intersection(*(set(found) for found in named.values())):
        names = {id: found[period] for id, found in named.items()}
        holds = eval(condition.replace("AND", "and"), {"__builtins__": {}}, names)
        values[period] = float(eval(then if holds else otherwise, {"__builtins__": {}}, names))
    return values
