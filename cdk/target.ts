// The way in: what rules send to, and what EventBridge must be allowed for that.
import { type Duration, Stack } from 'aws-cdk-lib';
import { type IRuleTarget, type RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IQueue } from 'aws-cdk-lib/aws-sqs';

/** How long EventBridge tries. */
interface Retries {
  readonly retryAttempts: number;
  readonly maxEventAge: Duration;
}

/**
 * A queue as the target of any number of rules of this account, with a dead-letter queue for what cannot be delivered.
 *
 * One statement for all of them. The target that CDK has adds one to each queue for each rule, and the policy of a queue holds
 * 20 (Amazon SQS Developer Guide, "Policy quotas"): listening to every source would not deploy.
 */
export class QueueTarget implements IRuleTarget {
  public constructor(
    private readonly queue: IQueue,
    private readonly deadLetterQueue: IQueue,
    private readonly retries: Retries,
  ) {
    const anyRule = Stack.of(queue).formatArn({ service: 'events', resource: 'rule', resourceName: '*' });
    for (const sentTo of [queue, deadLetterQueue]) {
      sentTo.addToResourcePolicy(
        new PolicyStatement({
          sid: 'RulesOfThisAccountSend',
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [sentTo.queueArn],
          conditions: { ArnLike: { 'aws:SourceArn': anyRule } },
        }),
      );
    }
  }

  public bind(): RuleTargetConfig {
    return {
      arn: this.queue.queueArn,
      deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
      retryPolicy: {
        maximumRetryAttempts: this.retries.retryAttempts,
        maximumEventAgeInSeconds: this.retries.maxEventAge.toSeconds(),
      },
    };
  }
}
