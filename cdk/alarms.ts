// The alarms: what tells the operators that somebody was not told.
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { type Alarm, type CreateAlarmOptions, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic } from 'aws-cdk-lib/aws-sns';
import { type IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Where the alarms look, and whom they tell. */
interface Watched {
  readonly handler: IFunction;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly hasBudget: boolean;
  readonly operationsTopic?: ITopic;
}

/** Each rings at the first sign: silence is what this product must not have. */
export function alarms(scope: Construct, watched: Watched): Alarm[] {
  const { handler, queue, deadLetterQueue, hasBudget, operationsTopic } = watched;
  const alarm = (id: string, metric: Metric, options: Pick<CreateAlarmOptions, 'threshold' | 'alarmDescription'>) =>
    metric.createAlarm(scope, id, {
      ...options,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  const period = Duration.minutes(5);
  const all = [
    alarm(
      'UntoldFindings',
      deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      {
        threshold: 1,
        alarmDescription:
          'Findings that could not be told lie in the dead-letter queue. Read the log of the handler, mend the cause, then ' +
          'start a redrive of the queue.',
      },
    ),
    alarm('OldestFinding', queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }), {
      // A record that failed once comes back after six minutes and may fail once more.
      threshold: Duration.minutes(15).toSeconds(),
      alarmDescription: 'A finding has been waiting for 15 minutes: the handler fails, is throttled or cannot keep up.',
    }),
    alarm('HandlerErrors', handler.metricErrors({ period, statistic: 'Sum' }), {
      threshold: 1,
      alarmDescription:
        'The handler crashed or ran out of time. Its findings come back to it by themselves; read its log.',
    }),
  ];
  if (hasBudget) {
    const used = new Metric({ namespace: 'FindingAdvisor', metricName: 'BudgetUsed', period, statistic: 'Maximum' });
    all.push(
      alarm('BudgetUsed', used, {
        threshold: 80, // percent, from where on the cheaper model is asked
        alarmDescription:
          "80 % of the day's budget of tokens are spent. When all of it is, findings that differ from those of the last days " +
          'get the advice of the playbook until midnight UTC.',
      }),
    );
  }
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
