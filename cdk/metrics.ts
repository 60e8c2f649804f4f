// The handler's metrics, by the names of contract/metrics.json, which a test of the handler holds it to.
import { type Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

/** The namespace of all of them. The handlers of one account and Region share it. */
export const NAMESPACE = 'FindingAdvisor';

/** From this share of the budget on, in percent, the handler asks the cheaper model, and the alarm rings. */
export const BUDGET_SHORT = 80;

/** The sum of a metric over all sources and severities. */
export function metric(metricName: string, period: Duration, options: MetricOptions = {}): Metric {
  return new Metric({ namespace: NAMESPACE, metricName, statistic: 'Sum', period, ...options });
}
