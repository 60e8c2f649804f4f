// The construct: rules, queue, handler and ledger between the sources of findings and their readers.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type ISecurityGroup, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { type EventBus, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import {
  type IGrantable,
  type IPrincipal,
  type IRole,
  type PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { type IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type Code, EventSourceMapping, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type IEmailIdentity } from 'aws-cdk-lib/aws-ses';
import { type ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { advice, type GuardrailVersion, type TokenBudget } from './advice';
import { alarms } from './alarms';
import { configText } from './configuration';
import { dashboard } from './dashboard';
import { letEventBridgeUse, letHandlerUse, letLogsUse } from './encryption';
import {
  defaultSources,
  type FindingSource,
  refuseSources,
  rules,
  warnOfElsewhere,
  warnOfUnheard,
} from './finding-source';
import { type FindingForwarderProps } from './finding-forwarder';
import { publishStatement, sendMailStatement, useKeyStatement } from './hub-principal';
import { handlerCode } from './handler-code';
import { addressOf } from './mail';
import { memberBus } from './member-bus';
import { type Members } from './members';
import { defaultModels, type Model } from './model';
import { network } from './network';
import { refuseNotForAll, refuseUnheard, warnOfSilence } from './reach';
import { type Route } from './route';
import { lowest } from './severity';
import { refuseNone, refuseRepeats } from './refusal';
import { QueueTarget } from './target';

/** What a `FindingAdvisor` is made of. */
export interface FindingAdvisorProps {
  /** Takes every finding that no other route takes, so that nothing is told to nobody. */
  readonly defaultRoute: Route;

  /**
   * More routes. Every one that takes a finding is told.
   *
   * @default - the default route is told everything that it takes
   */
  readonly routes?: Route[];

  /**
   * Where findings come from. The rules let through what the least demanding route wants.
   *
   * A product that is listed is left out of what Security Hub tells.
   *
   * @default [FindingSource.securityHub(), FindingSource.guardDuty()]
   */
  readonly sources?: FindingSource[];

  /**
   * Accounts that forward their findings to this one, and other Regions of this account: a `FindingForwarder` there, or a
   * `FindingForwarderStackSet` here.
   *
   * @default - the findings of this account and Region only
   */
  readonly members?: Members;

  /**
   * The name of the event bus for members.
   *
   * @default "finding-advisor", which only one FindingAdvisor of an account and Region can have
   */
  readonly memberBusName?: string;

  /**
   * Whether readers who were told of a control of Security Hub (in either version) hear that it passes again.
   *
   * A control that passes has no severity, so this lets through each passing check of each resource (every 12 to 24 hours,
   * and on change), to find the few that were told: about one request to SQS and one read of the ledger each.
   *
   * @default false
   */
  readonly controlCloses?: boolean;

  /**
   * The models that are asked, in this order: the next one when one does not answer. When none does, the reviewed playbook
   * speaks.
   *
   * @default - Claude Haiku 5.5, Claude Haiku 4.5 and Nova 2 Lite in the geography of the stack's Region
   */
  readonly models?: Model[];

  /**
   * Asked before the other models about findings of HIGH and CRITICAL, where what counts is to be right.
   *
   * @default - the same models as for all findings
   */
  readonly modelForHigh?: Model;

  /**
   * How long a model's answer is remembered for findings that differ only in names and numbers: 1 to 365 whole days. It is
   * checked anew with the facts of each.
   *
   * @default Duration.days(7)
   */
  readonly rememberAdviceFor?: Duration;

  /**
   * A guardrail of yours that looks at the facts a model is given. Where it steps in, the reviewed playbook speaks. Japanese
   * needs one of the Standard tier. If it has a key of its own, grant its use to the role of the function.
   *
   * @default - none
   */
  readonly guardrail?: GuardrailVersion;

  /**
   * How many tokens may be spent a day. When they are spent, remembered answers still serve, and then the playbook speaks; an
   * alarm rings at 80 %.
   *
   * @default - no limit
   */
  readonly budget?: TokenBudget;

  /**
   * How many batches of up to 10 findings are worked on at once, from 2 to 1000.
   *
   * @default 5
   */
  readonly maxConcurrency?: number;

  /**
   * Hears of the alarms: findings that could not be told, that wait too long, errors of the handler, a budget that is
   * nearly spent. The policy of an
   * imported topic must let `cloudwatch.amazonaws.com` publish, and use its key. Not a topic of a route: an alarm would take
   * the way that is broken.
   *
   * @default - the alarms have no action
   */
  readonly operationsTopic?: ITopic;

  /**
   * A key of yours for queues, ledger and log. The policy of an imported key must let EventBridge and CloudWatch Logs use it.
   *
   * @default - keys that the services own
   */
  readonly encryptionKey?: IKey;

  /**
   * What becomes of ledger and log when they are removed from the stack. Unless they are to be destroyed, the ledger is
   * protected from being deleted in any other way too.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long the handler's log is kept. It holds ids and hashes, never the text of a finding.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;

  /**
   * A network for the handler. It needs a way to each service that it calls: docs/security.md lists the endpoints. The role gets
   * what AWS Lambda asks for to make network interfaces, on all resources.
   *
   * @default - none of yours
   */
  readonly vpc?: IVpc;

  /**
   * The subnets of `vpc` for the handler.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the handler; it only calls out, by HTTPS.
   *
   * @default - one of its own, which lets everything out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The handler's code: a `bootstrap` for Amazon Linux 2023 on arm64 that keeps the contract.
   *
   * @default - the handler that the package carries
   */
  readonly code?: Code;
}

/** The longest that a batch may take. The handler leaves ten seconds of it for sending, whatever the model does. */
const TIMEOUT = Duration.seconds(60);

/**
 * Tells the right people about a security finding once, in their language, with what it means and what to do now.
 *
 * Rules on the default event bus, a queue with a dead-letter queue, the handler, the ledger and three alarms.
 */
export class FindingAdvisor extends Construct implements IGrantable {
  /** The function that advises. */
  public readonly handler: Function;

  /** The role of the function: grant it what a topic of yours needs beyond its policy, such as the use of a key. */
  public readonly role: IRole;

  /** The role of the function. */
  public readonly grantPrincipal: IPrincipal;

  /** Where events wait for the handler. */
  public readonly queue: Queue;

  /** Where events lie that could not be told in five attempts. */
  public readonly deadLetterQueue: Queue;

  /** What was told to whom. */
  public readonly ledger: TableV2;

  /** The rules on the default event bus and on the bus for members, one or more for each source. */
  public readonly rules: Rule[];

  /** Untold findings, oldest finding, errors of the handler, and with a budget how much of it is spent. */
  public readonly alarms: Alarm[];

  /** The way in for a rule of your own, such as one on a custom event bus. */
  public readonly target: IRuleTarget;

  /** Where members send their findings to; only with `members`. */
  public readonly memberBus?: EventBus;

  /** @internal */
  public readonly _memberBusName: string;

  /** @internal */
  public readonly _listening: Required<Pick<FindingForwarderProps, 'sources' | 'minimumSeverity' | 'controlCloses'>>;

  public constructor(scope: Construct, id: string, props: FindingAdvisorProps) {
    super(scope, id);
    const { defaultRoute, routes = [], models = defaultModels(this), encryptionKey } = props;
    const { sources = defaultSources(), removalPolicy = RemovalPolicy.RETAIN } = props;
    const allRoutes = [defaultRoute, ...routes];
    refuseNone('models', models);
    refuseRepeats(
      'routes',
      'name',
      allRoutes.map((route) => route.name),
    );
    const controlCloses = props.controlCloses ?? false;
    refuseSources(sources, controlCloses);
    refuseUnheard(allRoutes, sources);
    warnOfSilence(this, defaultRoute, routes, sources);

    if (encryptionKey) {
      letEventBridgeUse(encryptionKey, this);
      letLogsUse(encryptionKey, this);
    }
    const kept = {
      encryption: encryptionKey ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14), // the longest there is: time to mend what is broken
    };
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', kept);
    this.queue = new Queue(this, 'Queue', {
      ...kept,
      // What AWS Lambda asks for; less, and a retry could meet the attempt before it.
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 5 },
    });
    this.target = new QueueTarget(this.queue, this.deadLetterQueue);
    const minimumSeverity = lowest(allRoutes.flatMap((route) => route._severities));
    const { patterns, unheard } = rules(sources, { minimumSeverity, controlCloses });
    this._memberBusName = props.memberBusName ?? 'finding-advisor';
    this.memberBus = props.members && memberBus(this, this._memberBusName, props.members, patterns);
    const targets = [this.target];
    this.rules = patterns.flatMap(([ruleId, eventPattern]) => [
      new Rule(this, ruleId, { eventPattern, targets }),
      ...(this.memberBus
        ? [new Rule(this, `Member${ruleId}`, { eventBus: this.memberBus, eventPattern, targets })]
        : []),
    ]);
    warnOfUnheard(this, unheard, minimumSeverity);
    if (!props.members) warnOfElsewhere(this, sources);
    this._listening = { sources, minimumSeverity, controlCloses };

    this.ledger = new TableV2(this, 'Ledger', {
      partitionKey: { name: 'key', type: AttributeType.STRING },
      sortKey: { name: 'part', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires',
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: encryptionKey && TableEncryptionV2.customerManagedKey(encryptionKey),
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
    });
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetention ?? RetentionDays.THREE_MONTHS,
      encryptionKey,
      removalPolicy,
    });

    // A role of our own: the one that CDK makes may write to every log group of the account.
    const role = new Role(this, 'HandlerRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.queue.grant(
      role,
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:SendMessage',
      'sqs:ChangeMessageVisibility',
    );
    this.ledger.grant(role, 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:Query', 'dynamodb:BatchWriteItem');
    if (encryptionKey) letHandlerUse(encryptionKey, role);
    const config = configText(Stack.of(this), {
      ledgerTable: this.ledger.tableName,
      models: models.map((model) => model._bind(this, role)),
      advice: advice(this, role, props),
      defaultRoute: refuseNotForAll(defaultRoute._bind(this, role, props.members)),
      routes: routes.map((route) => route._bind(this, role, props.members)),
      queueUrl: this.queue.queueUrl,
    });
    this.role = role;
    this.grantPrincipal = role;
    this.handler = new Function(this, 'Handler', {
      description: 'Finding Advisor: a security finding becomes an advised notification, once',
      code: props.code ?? handlerCode(this),
      handler: 'bootstrap',
      runtime: Runtime.PROVIDED_AL2023,
      architecture: Architecture.ARM_64,
      // It needs some 20 MB; what counts is the share of a CPU that comes with the memory.
      memorySize: 256,
      timeout: TIMEOUT,
      role,
      logGroup,
      environment: { HANDLER_CONFIG: config },
      ...network(role, props),
    });
    new EventSourceMapping(this, 'Mapping', {
      target: this.handler,
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      // Reserved concurrency instead would throttle records into the dead-letter queue.
      maxConcurrency: props.maxConcurrency ?? 5,
      reportBatchItemFailures: true,
      // No filters: what they do not match is deleted for good.
    });
    const { handler, queue, deadLetterQueue } = this;
    const hasBudget = props.budget !== undefined;
    this.alarms = alarms(this, { handler, queue, deadLetterQueue, hasBudget, operationsTopic: props.operationsTopic });
    dashboard(this, { handler, queue, deadLetterQueue, logGroup, alarms: this.alarms, hasBudget });
  }

  /**
   * What the policy of a topic in another account must say, for `Channel.topic()`. In an app of this account and that one
   * `topic.addToResourcePolicy()` takes it; else print its JSON (`toStatementJson()`).
   *
   * @param topic the topic, which may be imported
   */
  public topicPolicyStatement(topic: ITopic): PolicyStatement {
    return publishStatement(this.role.roleArn, topic.topicArn);
  }

  /**
   * What the sending authorization policy of an identity in another account must say, for `Channel.mail()`.
   *
   * @param identity the identity, imported by its ARN
   * @param from the sender, as `Channel.mail()` has it
   */
  public identityPolicyStatement(identity: IEmailIdentity, from: string): PolicyStatement {
    return sendMailStatement(this.role.roleArn, identity.emailIdentityArn, addressOf(from));
  }

  /** What the policy of the customer managed key of such a topic must say. A key that AWS manages lets no other account in. */
  public keyPolicyStatement(): PolicyStatement {
    return useKeyStatement(this.role.roleArn);
  }
}
