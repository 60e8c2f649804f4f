// The alarms: each way to lose or to delay a finding, and whom they tell.
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  Alarm,
  type CreateAlarmOptions,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic } from 'aws-cdk-lib/aws-sns';
import { type IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { BUDGET_SHORT, metric } from './metrics';

/** Where a person reads what an alarm means; a section for each, named as its construct id. */
const RUNBOOK = 'https://github.com/finding-advisor/cdk-finding-advisor/blob/main/docs/operations.md';

interface Watched {
  readonly handler: IFunction;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly hasBudget: boolean;
  readonly operationsTopic?: ITopic;
}

/** The alarms of a hub. */
export function alarms(scope: Construct, watched: Watched): Alarm[] {
  const { handler, queue, deadLetterQueue, hasBudget, operationsTopic } = watched;
  const period = Duration.minutes(5);
  const playbook = new MathExpression({
    expression: 'IF(playbook >= 5 AND playbook * 2 >= calls, playbook, 0)',
    label: 'Advice of the playbook, where that is most of it',
    usingMetrics: {
      playbook: metric('PlaybookAdvice', Duration.hours(1)),
      calls: metric('ModelCalls', Duration.hours(1)),
    },
    period: Duration.hours(1),
  });
  return ring(scope, operationsTopic, [
    untold(deadLetterQueue, 'UntoldFindings', 'Findings that could not be told lie in the dead-letter queue.'),
    {
      id: 'OldestFinding',
      metric: queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
      // A record that failed once comes back after six minutes and may fail once more.
      threshold: Duration.minutes(15).toSeconds(),
      says: 'A finding has been waiting for 15 minutes: the handler fails, is throttled or cannot keep up.',
    },
    {
      id: 'HandlerErrors',
      metric: handler.metricErrors({ period, statistic: 'Sum' }),
      threshold: 1,
      says: 'The handler crashed or ran out of time. Its findings come back to it by themselves.',
    },
    {
      id: 'RefusedNotifications',
      metric: metric('Refused', period),
      threshold: 1,
      // Once is tried again after six minutes, and most often mended by that.
      datapointsToAlarm: 2,
      evaluationPeriods: 3,
      says: 'A service refuses notifications again and again. They are tried five times.',
    },
    {
      id: 'LedgerErrors',
      metric: metric('LedgerErrors', period),
      threshold: 1,
      says: 'The ledger did not answer. Findings are told all the same, and may be told twice.',
    },
    {
      id: 'PlaybookInsteadOfModels',
      metric: playbook,
      threshold: 1,
      says: 'Most advice of the last hour was the playbook’s: no model answered, or no answer passed the check.',
    },
    ...(hasBudget
      ? [
          {
            id: 'BudgetUsed',
            metric: metric('BudgetUsed', period, { statistic: 'Maximum' }),
            threshold: BUDGET_SHORT,
            says: 'Most of the day’s budget of tokens is spent; without any, only remembered advice and the playbook speak.',
          },
        ]
      : []),
  ]);
}

/** The alarm of a forwarder. */
export function forwarderAlarms(
  scope: Construct,
  watched: Pick<Watched, 'deadLetterQueue' | 'operationsTopic'>,
): Alarm[] {
  const says = 'Findings that the hub did not take lie in the dead-letter queue.';
  return ring(scope, watched.operationsTopic, [untold(watched.deadLetterQueue, 'UnforwardedFindings', says)]);
}

/** Rings at the first sign, unless it says otherwise: silence is what this product must not have. */
interface Bell extends Pick<CreateAlarmOptions, 'threshold' | 'datapointsToAlarm'> {
  readonly id: string;
  readonly metric: IMetric;
  readonly says: string;
  readonly evaluationPeriods?: number;
}

function untold(deadLetterQueue: IQueue, id: string, says: string): Bell {
  const period = Duration.minutes(5);
  const metric = deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' });
  return { id, metric, threshold: 1, says };
}

function ring(scope: Construct, operationsTopic: ITopic | undefined, bells: Bell[]): Alarm[] {
  const all = bells.map(
    ({ id, metric: watched, says, ...options }) =>
      new Alarm(scope, id, {
        evaluationPeriods: 1,
        ...options,
        metric: watched,
        alarmDescription: `${says} What to do: ${RUNBOOK}#${id.toLowerCase()}`,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
  );
  if (operationsTopic) {
    // Without a statement of its own CloudWatch cannot publish to a topic that has any policy, such as "only with TLS".
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } };
    operationsTopic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com', { conditions }));
    for (const one of all) one.addAlarmAction(new SnsAction(operationsTopic));
  } else {
    Validations.of(scope).addWarning(
      'cdk-finding-advisor:noOperationsTopic',
      'the alarms tell nobody that findings could not be told; supply `operationsTopic`',
    );
  }
  return all;
}
