// The handler's metrics, by the names of contract/metrics.json, which a test of the handler holds it to.
import { type Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

/** The namespace of all of them. The handlers of one account and Region share it. */
export const NAMESPACE = 'FindingAdvisor';

/**
 * The sum of a metric. None has dimensions: each combination of their values would be a metric of its own, at about $0.30 a
 * month, and what they would tell stands in the log lines.
 */
export function metric(metricName: string, period: Duration, options: MetricOptions = {}): Metric {
  return new Metric({ namespace: NAMESPACE, metricName, statistic: 'Sum', period, ...options });
}
