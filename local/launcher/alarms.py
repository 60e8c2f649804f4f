"""Alarms on metric math, which MiniStack does not know: they are kept as alarms on the first metric of the expression. That
they are deployed is seen; when they ring is not."""

from ministack.services.cloudformation import provisioners

_record = provisioners._cw_metric_alarm_record


def _record_of_any(name, props):
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
