// The forwarder: rules in a member account, or in another Region, that send findings to the hub.
import { Duration, Validations } from 'aws-cdk-lib';
import { type Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { type IKey } from 'aws-cdk-lib/aws-kms';
import { type ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { forwarderAlarms } from './alarms';
import { letEventBridgeUse } from './encryption';
import { defaultSources, type FindingSource, refuseSources, rules, warnOfUnheard } from './finding-source';
import { Severity } from './severity';
import { BusTarget } from './target';

/** What a `FindingForwarder` is made of. */
export interface FindingForwarderProps {
  /**
   * The hub's bus for members: `advisor.memberBus`, or `EventBus.fromEventBusArn()` in an app of its own. It may be in any
   * account and Region.
   */
  readonly hubBus: IEventBus;

  /**
   * Where findings come from. The hub must listen to them too.
   *
   * Leave out what the hub's own account sees already: a delegated administrator of GuardDuty, Security Hub or Amazon
   * Inspector gets the findings of its members. What comes twice is told once.
   *
   * @default [FindingSource.securityHub(), FindingSource.guardDuty()]
   */
  readonly sources?: FindingSource[];

  /**
   * Findings below it are not forwarded: the lowest that any route of the hub takes.
   *
   * @default Severity.HIGH
   */
  readonly minimumSeverity?: Severity;

  /**
   * Whether controls of Security Hub that pass again are forwarded; see `FindingAdvisor`.
   *
   * @default false
   */
  readonly controlCloses?: boolean;

  /**
   * Hears of findings that could not be forwarded, in this Region. The policy of an imported topic must let
   * `cloudwatch.amazonaws.com` publish.
   *
   * @default - the alarm has no action
   */
  readonly operationsTopic?: ITopic;

  /**
   * A key of yours for the dead-letter queue. The policy of an imported key must let EventBridge use it.
   *
   * @default - a key that the service owns
   */
  readonly encryptionKey?: IKey;
}

/** Forwards findings of an account and Region to the hub: rules on the default event bus, a dead-letter queue, an alarm. */
export class FindingForwarder extends Construct {
  /** The rules on the default event bus, one or more for each source. */
  public readonly rules: Rule[];

  /** Where findings lie that the hub's bus did not take. */
  public readonly deadLetterQueue: Queue;

  /** Rings when a finding could not be forwarded. */
  public readonly alarms: Alarm[];

  public constructor(scope: Construct, id: string, props: FindingForwarderProps) {
    super(scope, id);
    const { sources = defaultSources(), controlCloses = false, minimumSeverity = Severity.HIGH, encryptionKey } = props;
    refuseSources(sources, controlCloses);
    if (encryptionKey) letEventBridgeUse(encryptionKey, this);
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14), // the longest there is: time to mend what is broken
    });
    Validations.of(this.deadLetterQueue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'it is itself the dead-letter queue, of rules: cdk-nag looks for queues only',
    });
    const target = new BusTarget(this, props.hubBus, this.deadLetterQueue);
    const { patterns, unheard } = rules(sources, { minimumSeverity, controlCloses });
    this.rules = patterns.map(([ruleId, eventPattern]) => new Rule(this, ruleId, { eventPattern, targets: [target] }));
    warnOfUnheard(this, unheard, minimumSeverity);
    this.alarms = forwarderAlarms(this, {
      deadLetterQueue: this.deadLetterQueue,
      operationsTopic: props.operationsTopic,
    });
  }
}
