"""Alarms: each is kept as it was deployed, with its references resolved, for a test to judge; MiniStack rings none of them by
itself. Those on metric math, which it does not know, it gets as alarms on the first metric of the expression."""

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

deployed: list[dict] = []  # account, region, and the properties

_record = provisioners._cw_metric_alarm_record


def _record_of_any(name, props):
    deployed.append({"account": get_account_id(), "region": get_region(), "properties": props})
    if not props.get("Metrics"):
        return _record(name, props)
    first = next(metric["MetricStat"] for metric in props["Metrics"] if "MetricStat" in metric)
    single = {key: value for key, value in props.items() if key != "Metrics"}
    single |= {
        "Namespace": first["Metric"]["Namespace"],
        "MetricName": first["Metric"]["MetricName"],
        "Dimensions": first["Metric"].get("Dimensions", []),
        "Period": first["Period"],
        "Statistic": first["Stat"],
    }
    return _record(name, single)


def install():
    provisioners._cw_metric_alarm_record = _record_of_any
