// The hub: rules, queue, handler, ledger and alarms of one account and Region.
import { Annotations, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { AttributeType, BillingMode, ITable, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, IFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FindingSource } from './finding-source';
import { HandlerConfig } from './generated/handler-config';
import { packagedHandler } from './handler-code';
import { Model } from './model';
import { Route } from './route';
import { lowest } from './severity';

/** The function's time. The handler leaves ten seconds of it for sending, whatever the model does. */
const TIMEOUT = Duration.seconds(60);
/** AWS asks for six times the function's timeout, so that a retry never meets its own predecessor. */
const VISIBILITY = Duration.seconds(360);
/** Lambda allows 4 KB for all variables; some are left for what users and layers add. */
const MOST_CONFIG_BYTES = 3584;
/** What a value that is known only at deployment is taken to be long: an ARN with the longest names is about that. */
const TOKEN_BYTES = 128;

/** What a `FindingAdvisor` needs to know. */
export interface FindingAdvisorProps {
  /** Takes what no other route takes. */
  readonly defaultRoute: Route;

  /**
   * The other routes. A finding goes to every one whose match holds.
   *
   * @default - the default route alone
   */
  readonly routes?: Route[];

  /**
   * Where findings come from. The severity filter of the rules is the lowest over all routes.
   *
   * @default [FindingSource.securityHub(), FindingSource.guardDuty()]
   */
  readonly sources?: FindingSource[];

  /**
   * Whether Security Hub controls that pass again are told to those who heard them fail. A control that passes turns
   * INFORMATIONAL, so this takes a rule that lets every passed check through: each costs one request of EventBridge, SQS,
   * Lambda and DynamoDB, and there can be many thousands a day.
   *
   * @default false
   */
  readonly controlCloses?: boolean;

  /**
   * The models to ask, in this order: the next one when the one before is throttled, denied or failing.
   *
   * @default - Claude Haiku 5.5, Claude Haiku 4.5 and Nova 2 Lite by the inference profiles of the geography of the
   * stack's Region (Japan, US, Europe, Australia)
   */
  readonly models?: Model[];

  /**
   * A customer managed key for the queues, the ledger and the logs. Its policy gets what EventBridge and CloudWatch Logs
   * need.
   *
   * @default - keys managed by the services
   */
  readonly encryptionKey?: IKey;

  /**
   * Where the alarms go. Not a topic that is a route's channel: an alarm would take the way that is broken.
   *
   * @default - the alarms have no action
   */
  readonly operationsTopic?: ITopic;

  /**
   * How many batches may run at once, 2 to 1000. More is faster in a storm and takes more of the models' quota.
   *
   * @default 5
   */
  readonly maxConcurrency?: number;

  /**
   * How long the handler's log is kept. It holds ids, hashes and fixed words only.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;

  /**
   * What becomes of the ledger and the log with the stack. Anything but DESTROY also protects the ledger from deletion.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The handler's code, for one that you built yourself.
   *
   * @default - the zip that this package carries
   */
  readonly code?: Code;
}

/**
 * Tells the right people about a security finding once, in their language, with what it means and what to do now.
 *
 * Rules on the default event bus, a queue with a dead-letter queue, the handler, the ledger and three alarms.
 */
export class FindingAdvisor extends Construct {
  /** The handler. */
  public readonly handler: IFunction;
  /** The queue that the rules feed. */
  public readonly queue: IQueue;
  /** What could not be told after five tries. */
  public readonly deadLetterQueue: IQueue;
  /** What was told to whom. */
  public readonly ledger: ITable;
  /** The rules, one a source and kind of event. */
  public readonly rules: Rule[];
  /** The alarms: dead letters, age of the oldest message, errors of the handler. */
  public readonly alarms: Alarm[];

  private readonly key?: IKey;

  public constructor(scope: Construct, id: string, props: FindingAdvisorProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const routes = props.routes ?? [];
    const sources = props.sources ?? [FindingSource.securityHub(), FindingSource.guardDuty()];
    const models = props.models ?? Model._defaults(stack);
    const maxConcurrency = props.maxConcurrency ?? 5;
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    if (sources.length === 0) {
      throw new Error('Supply at least one of sources, got [].');
    }
    if (models.length === 0) {
      throw new Error('Supply at least one of models, got [].');
    }
    if (!Token.isUnresolved(maxConcurrency) && !(maxConcurrency >= 2 && maxConcurrency <= 1000)) {
      throw new Error(`maxConcurrency is 2 to 1000, got ${maxConcurrency}.`);
    }

    this.key = props.encryptionKey;
    const deadLetterQueue = this.makeQueue('DeadLetterQueue');
    this.deadLetterQueue = deadLetterQueue;
    this.queue = this.makeQueue('Queue', deadLetterQueue);
    const ledger = new Table(this, 'Ledger', {
      partitionKey: { name: 'key', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
      encryption: this.key ? TableEncryption.CUSTOMER_MANAGED : TableEncryption.AWS_MANAGED,
      encryptionKey: this.key,
    });
    this.ledger = ledger;

    const log = new LogGroup(this, 'Log', {
      retention: props.logRetention ?? RetentionDays.THREE_MONTHS,
      removalPolicy,
      encryptionKey: this.key,
    });
    this.key?.grantEncryptDecrypt(new ServicePrincipal(`logs.${stack.region}.amazonaws.com`));
    // A role of our own: the managed policy of the default one may write to every log group.
    const role = new Role(this, 'HandlerRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    log.grantWrite(role);
    ledger.grant(role, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    models.flatMap((model) => model._statements(stack)).forEach((statement) => role.addToPolicy(statement));

    this.handler = new LambdaFunction(this, 'Handler', {
      description: 'Finding Advisor: a security finding becomes an advised notification, once',
      code: props.code ?? packagedHandler(this),
      handler: 'bootstrap',
      runtime: Runtime.PROVIDED_AL2023,
      architecture: Architecture.ARM_64,
      // The handler needs some 20 MB; what counts is the share of a CPU that comes with the memory.
      memorySize: 256,
      timeout: TIMEOUT,
      role,
      logGroup: log,
      loggingFormat: LoggingFormat.TEXT,
      environment: { HANDLER_CONFIG: this.configure(props, routes, models, ledger, role) },
    });
    this.handler.addEventSource(
      // Never with filterCriteria: what does not match them is deleted for good.
      new SqsEventSource(this.queue, { batchSize: 10, maxConcurrency, reportBatchItemFailures: true }),
    );

    const minimumSeverity = lowest([props.defaultRoute, ...routes].map((route) => route.minimumSeverity));
    const surroundings = { minimumSeverity, controlCloses: props.controlCloses ?? false, sources };
    this.rules = sources
      .flatMap((source) => Object.entries(source._patterns(surroundings)))
      .map(([ruleId, eventPattern]) => {
        const rule = new Rule(this, `${ruleId}Rule`, { eventPattern });
        rule.addTarget(new SqsQueue(this.queue, { deadLetterQueue, retryAttempts: 185, maxEventAge: Duration.hours(24) }));
        return rule;
      });
    // The rule's target grants the key of the queue, but not that of the dead-letter queue (aws-cdk#33169).
    this.key?.grantEncryptDecrypt(new ServicePrincipal('events.amazonaws.com'));

    this.alarms = this.makeAlarms(props.operationsTopic);
  }

  /** Lets a role of yours send events straight into the queue, as a rule would. */
  public grantSend(grantee: IGrantable): void {
    this.queue.grantSendMessages(grantee);
  }

  private makeQueue(id: string, deadLetterQueue?: IQueue): Queue {
    return new Queue(this, id, {
      encryption: this.key ? QueueEncryption.KMS : QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: this.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: deadLetterQueue ? VISIBILITY : undefined,
      deadLetterQueue: deadLetterQueue && { queue: deadLetterQueue, maxReceiveCount: 5 },
    });
  }

  /** The contract with the handler: one variable, one JSON value, measured before Lambda would refuse it. */
  private configure(
    props: FindingAdvisorProps,
    routes: Route[],
    models: Model[],
    ledger: ITable,
    role: IGrantable,
  ): string {
    const config: HandlerConfig = {
      ledgerTable: ledger.tableName,
      models: models.map((model) => model.modelId),
      defaultRoute: props.defaultRoute._bind(this, role, 'default'),
      routes: routes.map((route, index) => route._bind(this, role, `route${index + 1}`)),
    };
    const names = [config.defaultRoute, ...config.routes].map((route) => route.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new Error(`Each route needs a name of its own, got "${twice}" twice.`);
    }
    const stack = Stack.of(this);
    const measured = JSON.stringify(config, (_, value: unknown) =>
      typeof value === 'string' && Token.isUnresolved(value) ? 'x'.repeat(TOKEN_BYTES) : value,
    );
    const bytes = Buffer.byteLength(measured);
    if (bytes > MOST_CONFIG_BYTES) {
      throw new Error(
        `The handler's configuration takes ${bytes} bytes of the ${MOST_CONFIG_BYTES} that fit into Lambda's ` +
          `environment: ${routes.length} routes are too many for one FindingAdvisor. Merge routes, or make a second one.`,
      );
    }
    return stack.toJsonString(config);
  }

  private makeAlarms(operationsTopic: ITopic | undefined): Alarm[] {
    const shared = { evaluationPeriods: 1, treatMissingData: TreatMissingData.NOT_BREACHING };
    const period = Duration.minutes(5);
    const alarms = [
      new Alarm(this, 'DeadLetterAlarm', {
        ...shared,
        metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
        threshold: 0,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        alarmDescription: 'Finding Advisor: a finding could not be told after five tries. See the dead-letter queue.',
      }),
      new Alarm(this, 'AgeAlarm', {
        ...shared,
        metric: this.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
        threshold: Duration.minutes(30).toSeconds(),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        alarmDescription: 'Finding Advisor: a finding has been waiting for more than 30 minutes.',
      }),
      new Alarm(this, 'ErrorAlarm', {
        ...shared,
        metric: this.handler.metricErrors({ period }),
        threshold: 0,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        alarmDescription: 'Finding Advisor: the handler failed. Its batch is tried again.',
      }),
    ];
    if (operationsTopic) {
      alarms.forEach((alarm) => alarm.addAlarmAction(new SnsAction(operationsTopic)));
    } else {
      Annotations.of(this).addWarningV2(
        '@cdk-finding-advisor:noOperationsTopic',
        'Nobody hears the alarms: supply operationsTopic, a topic that is not the channel of a route.',
      );
    }
    return alarms;
  }
}
