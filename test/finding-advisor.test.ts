// The construct as a whole: what it makes and how the parts are set.
import { FindingAdvisor, FindingForwarder, FindingSource, Members } from 'cdk-finding-advisor';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { advisorIn, routeTo, stackIn, templateWith, warningsOf } from './support/synthesis';

test('the smallest app without feature flags', () => {
  expect(templateWith().toJSON()).toMatchSnapshot();
});

test('the smallest app is small', () => {
  const { Resources } = templateWith().toJSON() as { readonly Resources: object };
  expect(Object.keys(Resources).length).toBeLessThanOrEqual(45);
});

test('each role keeps within a boundary that a platform team sets', () => {
  const stack = stackIn();
  const boundary = 'arn:aws:iam::111122223333:policy/boundary';
  PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', boundary));
  const advisor = advisorIn(stack, { members: Members.accounts(['111122223333']) });
  if (advisor.memberBus) new FindingForwarder(stack, 'Forwarder', { hubBus: advisor.memberBus });
  const template = Template.fromStack(stack);
  expect(Object.keys(template.findResources('AWS::IAM::Role'))).toHaveLength(2);
  template.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: boundary });
});

test('in a network of the user it may make interfaces there, and without one it may not', () => {
  const stack = stackIn();
  const vpc = new Vpc(stack, 'Vpc');
  advisorIn(stack, { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: { SubnetIds: Match.anyValue(), SecurityGroupIds: Match.anyValue() },
  });
  const statement = Match.objectLike({ Sid: 'JoinsTheNetwork' });
  const policy = { PolicyDocument: { Statement: Match.arrayWith([statement]) } };
  template.hasResourceProperties('AWS::IAM::Policy', policy);
  templateWith().resourcePropertiesCountIs('AWS::IAM::Policy', policy, 0);
});

test('subnets without their network are refused', () => {
  expect(() => templateWith(() => ({ vpcSubnets: {} }))).toThrow(/`vpcSubnets` needs `vpc`/);
  expect(() => templateWith(() => ({ securityGroups: [] }))).toThrow(/`securityGroups` needs `vpc`/);
});

test('a failed record comes back after six times the time of the function, and goes to the dead-letter queue after five tries', () => {
  const template = templateWith();
  template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 60 });
  template.hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: 360,
    MessageRetentionPeriod: 14 * 24 * 60 * 60,
    SqsManagedSseEnabled: true,
    RedrivePolicy: {
      maxReceiveCount: 5,
      deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'Arn'] },
    },
  });
  template.allResourcesProperties('AWS::SQS::Queue', {
    MessageRetentionPeriod: 14 * 24 * 60 * 60,
    SqsManagedSseEnabled: true,
  });
});

test('only the failed records of a batch come back, and no filter deletes any', () => {
  templateWith().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 5 },
    FilterCriteria: Match.absent(),
  });
  templateWith(() => ({ maxConcurrency: 2 })).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    ScalingConfig: { MaximumConcurrency: 2 },
  });
});

test('the handler is a bootstrap for arm64, with a log of its own that ends', () => {
  const template = templateWith();
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'provided.al2023',
    Architectures: ['arm64'],
    Handler: 'bootstrap',
    MemorySize: 256,
    LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('Log') } },
    ReservedConcurrentExecutions: Match.absent(),
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
});

test('the ledger forgets by itself, can be restored, and is kept unless it is to be destroyed', () => {
  templateWith().hasResource('AWS::DynamoDB::GlobalTable', {
    Properties: {
      KeySchema: [
        { AttributeName: 'key', KeyType: 'HASH' },
        { AttributeName: 'part', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ],
    },
    DeletionPolicy: 'Retain',
  });
  const destroyed = templateWith(() => ({ removalPolicy: RemovalPolicy.DESTROY }));
  destroyed.hasResource('AWS::DynamoDB::GlobalTable', {
    Properties: { Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })] },
    DeletionPolicy: 'Delete',
  });
  destroyed.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
});

test('the handler may do nothing but its job', () => {
  const policies = Object.values(templateWith().findResources('AWS::IAM::Policy')) as {
    Properties: { PolicyDocument: { Statement: { Action: string | string[] }[] } };
  }[];
  const actions = policies
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement)
    .flatMap(({ Action }) => Action);
  expect([...new Set(actions)].sort()).toEqual([
    'bedrock:InvokeModel',
    'dynamodb:BatchWriteItem',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'sns:Publish',
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
    'sqs:SendMessage',
  ]);
  templateWith().hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
});

test('queues take encrypted connections only', () => {
  const template = templateWith();
  const denied = { Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  template.resourcePropertiesCountIs(
    'AWS::SQS::QueuePolicy',
    { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(denied)]) } },
    2,
  );
});

test('EventBridge tries for a day, and what it cannot deliver lies in the dead-letter queue too', () => {
  templateWith().allResourcesProperties('AWS::Events::Rule', {
    Targets: [
      Match.objectLike({
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'Arn'] } },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
      }),
    ],
  });
});

test('the rules of the account may send to both queues, by one statement however many they are', () => {
  const template = templateWith(() => ({ sources: [FindingSource.securityHub(), FindingSource.inspector()] }));
  const rules = { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':events:ap-northeast-1:$'), ':rule/*'])] };
  template.resourceCountIs('AWS::SQS::QueuePolicy', 2);
  template.allResourcesProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Deny' }),
        Match.objectLike({
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnLike: { 'aws:SourceArn': rules } },
        }),
      ],
    },
  });
});

describe('a key of the user', () => {
  test('encrypts queues, ledger and log, and every service may use it', () => {
    const template = templateWith((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('Key'), 'Arn'] };
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: key });
    template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: key });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: key } })],
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'EventBridgeSendsToEncryptedQueues',
            Principal: { Service: 'events.amazonaws.com' },
          }),
          Match.objectLike({
            Sid: 'CloudWatchLogsWritesEncryptedGroups',
            Principal: { Service: { 'Fn::Join': ['', ['logs.ap-northeast-1.', { Ref: 'AWS::URLSuffix' }]] } },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
            Resource: key,
          }),
        ]),
      },
    });
  });

  test('that is imported must be opened by its owner', () => {
    const stack = stackIn();
    const arn = 'arn:aws:kms:ap-northeast-1:111122223333:key/00000000-0000-0000-0000-000000000000';
    advisorIn(stack, { encryptionKey: Key.fromKeyArn(stack, 'Key', arn) });
    expect(warningsOf(stack)).toContainEqual(expect.stringContaining('must let events.amazonaws.com use kms:Decrypt'));
  });
});

test('a rule on another bus can use the same way in', () => {
  const stack = stackIn();
  const advisor = advisorIn(stack);
  new Rule(stack, 'Members', {
    eventBus: new EventBus(stack, 'Bus'),
    eventPattern: { source: ['aws.guardduty'] },
    targets: [advisor.target],
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventBusName: { Ref: Match.stringLikeRegexp('Bus') },
    Targets: [Match.objectLike({ Arn: stack.resolve(advisor.queue.queueArn) as unknown })],
  });
});

test('two advisors live in one stack', () => {
  const stack = stackIn();
  advisorIn(stack);
  new FindingAdvisor(stack, 'Second', { defaultRoute: routeTo(stack) });
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
});

describe('the handler that is deployed', () => {
  test('is a stand-in that says so, in a clone where none was built', () => {
    const stack = stackIn();
    advisorIn(stack);
    expect(warningsOf(stack)).toContainEqual(expect.stringContaining('npm run build'));
  });

  test("is the user's own, without a warning", () => {
    const stack = stackIn();
    advisorIn(stack, { code: Code.fromAsset('assets/placeholder'), operationsTopic: new Topic(stack, 'Operations') });
    expect(warningsOf(stack)).toEqual([]);
  });
});

test('a route without a name is the default one', () => {
  const stack = stackIn();
  expect(routeTo(stack).name).toBe('default');
});
