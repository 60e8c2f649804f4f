// What rules send to, and what EventBridge must be allowed for that.
import { Duration, Stack } from 'aws-cdk-lib';
import { type IEventBus, type IRuleTarget, type RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IQueue } from 'aws-cdk-lib/aws-sqs';
import { type Construct } from 'constructs';

/** The longest there is. It is the default of the default event bus, but not of every bus. */
const RETRIES = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: Duration.hours(24).toSeconds() };

/** A queue as the target of any number of rules of this account, with a dead-letter queue for what cannot be delivered. */
export class QueueTarget implements IRuleTarget {
  public constructor(
    private readonly queue: IQueue,
    private readonly deadLetterQueue: IQueue,
  ) {
    letRulesSend(queue);
    letRulesSend(deadLetterQueue);
  }

  public bind(): RuleTargetConfig {
    return {
      arn: this.queue.queueArn,
      deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
      retryPolicy: RETRIES,
    };
  }
}

/** A bus in another account or Region as the target of rules, with a dead-letter queue for what it does not take. */
export class BusTarget implements IRuleTarget {
  private readonly role: IRole;

  public constructor(
    scope: Construct,
    private readonly bus: IEventBus,
    private readonly deadLetterQueue: IQueue,
  ) {
    letRulesSend(deadLetterQueue);
    this.role = new Role(scope, 'Role', {
      description: 'Finding Advisor: rules forward security findings to the hub',
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    });
    this.role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
    );
  }

  public bind(): RuleTargetConfig {
    return {
      arn: this.bus.eventBusArn,
      role: this.role,
      deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
      retryPolicy: RETRIES,
    };
  }
}

/**
 * One statement for all rules. The targets that CDK has add one to each queue for each rule, and the policy of a queue holds 20
 * (Amazon SQS Developer Guide, "Policy quotas"): listening to every source would not deploy.
 */
function letRulesSend(queue: IQueue): void {
  const anyRule = Stack.of(queue).formatArn({ service: 'events', resource: 'rule', resourceName: '*' });
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'RulesOfThisAccountSend',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnLike: { 'aws:SourceArn': anyRule } },
    }),
  );
}
