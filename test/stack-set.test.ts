// The stack set of members: what it deploys where, and what it refuses.
import {
  type FindingAdvisorProps,
  FindingForwarderStackSet,
  type FindingForwarderStackSetProps,
  FindingSource,
  Members,
  MemberTopic,
  Severity,
} from 'cdk-finding-advisor';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';

import { advisorIn, routeTo, stackIn, warningsOf } from './support/synthesis';

const TARGET = { organizationalUnitIds: ['ou-ab12-cdef3456'], regions: ['ap-northeast-1', 'us-east-1'] };
const members = Members.organization('o-a1b2c3d4e5');

function stackSetIn(
  props: Partial<FindingForwarderStackSetProps> = {},
  hub: (stack: Stack) => Partial<FindingAdvisorProps> = () => ({}),
): Stack {
  const stack = stackIn();
  const advisor = advisorIn(stack, { members, ...hub(stack) });
  new FindingForwarderStackSet(stack, 'Members', { hub: advisor, targets: [TARGET], ...props });
  return stack;
}

interface MemberTemplate {
  readonly Parameters: Record<string, { readonly Default?: string }>;
  readonly Resources: Record<string, { readonly Type: string; readonly Condition?: string }>;
}

/** The template that members get. */
function memberTemplate(stack: Stack): { readonly text: string; readonly template: MemberTemplate } {
  const [set] = Object.values(Template.fromStack(stack).findResources('AWS::CloudFormation::StackSet'));
  const text = (set?.Properties as { TemplateBody: string }).TemplateBody;
  return { text, template: JSON.parse(text) as MemberTemplate };
}

test('members get a forwarder that listens as the hub does, with nothing of the hub but parameters', () => {
  const stack = stackSetIn({ memberTopic: { ownKey: true } });
  const { text, template } = memberTemplate(stack);
  expect(template).toMatchSnapshot();
  expect(text).not.toContain('${Token');
  expect(Object.keys(template.Parameters).sort()).toEqual(['Email', 'HubBusArn', 'HubRoleArn', 'OperationsTopicArn']);
});

test('the template of members holds every source and all that is optional', () => {
  const sources = [
    FindingSource.securityHub(),
    FindingSource.guardDuty(),
    FindingSource.inspector(),
    FindingSource.macie(),
    FindingSource.accessAnalyzer(),
    FindingSource.config(),
    FindingSource.health(),
    FindingSource.trustedAdvisor(),
    FindingSource.signIn(),
    FindingSource.securityIncidentResponse(),
  ];
  const { text, template } = memberTemplate(
    stackSetIn({ memberTopic: { ownKey: true } }, (stack) => ({
      sources,
      defaultRoute: routeTo(stack, { minimumSeverity: Severity.LOW }),
      controlCloses: true,
    })),
  );
  expect(Object.keys(template.Resources).length).toBeGreaterThan(20);
  expect(Buffer.byteLength(text)).toBeLessThan(51_200 / 2);
});

test('in the Region and account of the hub nothing is forwarded', () => {
  const { Resources } = memberTemplate(stackSetIn()).template;
  const rules = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
  expect(rules.length).toBeGreaterThan(0);
  for (const rule of rules) expect(rule.Condition).toBe('IsNotTheHub');
});

test('the stack set is managed by the service, deploys to new accounts by itself, and one broken account stops nothing', () => {
  const template = Template.fromStack(stackSetIn());
  template.hasResourceProperties('AWS::CloudFormation::StackSet', {
    StackSetName: 'finding-advisor-member',
    PermissionModel: 'SERVICE_MANAGED',
    CallAs: 'DELEGATED_ADMIN',
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    ManagedExecution: { Active: true },
    OperationPreferences: {
      ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
      FailureTolerancePercentage: 100,
      MaxConcurrentPercentage: 25,
      RegionConcurrencyType: 'PARALLEL',
    },
    Capabilities: ['CAPABILITY_IAM'],
    Parameters: [
      { ParameterKey: 'HubBusArn', ParameterValue: { 'Fn::GetAtt': [Match.stringLikeRegexp('MemberBus'), 'Arn'] } },
    ],
    StackInstancesGroup: [
      { DeploymentTargets: { OrganizationalUnitIds: ['ou-ab12-cdef3456'] }, Regions: ['ap-northeast-1', 'us-east-1'] },
    ],
  });
});

test('accounts may be picked or left out, and each target has readers and operators of its own', () => {
  const only = { ...TARGET, onlyAccounts: ['111122223333'], email: 'shop@example.com' };
  const operationsTopicArn = 'arn:aws:sns:us-east-1:444455556666:operations';
  const rest = { ...TARGET, regions: ['us-east-1'], exceptAccounts: ['111122223333'], operationsTopicArn };
  Template.fromStack(
    stackSetIn({ targets: [only, rest], memberTopic: {}, delegatedAdmin: false, autoDeployment: false }),
  ).hasResourceProperties('AWS::CloudFormation::StackSet', {
    CallAs: 'SELF',
    AutoDeployment: { Enabled: false },
    StackInstancesGroup: [
      {
        DeploymentTargets: { Accounts: ['111122223333'], AccountFilterType: 'INTERSECTION' },
        ParameterOverrides: [{ ParameterKey: 'Email', ParameterValue: 'shop@example.com' }],
      },
      {
        DeploymentTargets: { Accounts: ['111122223333'], AccountFilterType: 'DIFFERENCE' },
        ParameterOverrides: [{ ParameterKey: 'OperationsTopicArn', ParameterValue: operationsTopicArn }],
      },
    ],
  });
});

test('who names the root of the organization learns that the management account is not in it', () => {
  const root = { ...TARGET, organizationalUnitIds: ['r-ab12'] };
  const warning = expect.stringContaining('never reaches the management account') as string;
  expect(warningsOf(stackSetIn({ targets: [root] }))).toContainEqual(warning);
  expect(warningsOf(stackSetIn())).not.toContainEqual(warning);
});

test.each<[string, Partial<FindingForwarderStackSetProps>, RegExp]>([
  ['no target', { targets: [] }, /at least one of `targets`/],
  [
    'no organizational unit',
    { targets: [{ ...TARGET, organizationalUnitIds: [] }] },
    /`organizationalUnitIds`, got \[\]/,
  ],
  ['a unit by name', { targets: [{ ...TARGET, organizationalUnitIds: ['Prod'] }] }, /ou-ab12-cdef3456.*got "Prod"/],
  ['no Region', { targets: [{ ...TARGET, regions: [] }] }, /at least one of `regions`/],
  [
    'accounts both in and out',
    { targets: [{ ...TARGET, onlyAccounts: ['111122223333'], exceptAccounts: ['444455556666'] }] },
    /`onlyAccounts` or `exceptAccounts`, not both/,
  ],
  ['an empty list of accounts', { targets: [{ ...TARGET, onlyAccounts: [] }] }, /at least one account/],
  ['an account of 11 digits', { targets: [{ ...TARGET, exceptAccounts: ['1'] }] }, /12 digits, got "1"/],
  ['a reader without a topic', { targets: [{ ...TARGET, email: 'a@example.com' }] }, /`email` needs `memberTopic`/],
  [
    'operators in another Region',
    { targets: [{ ...TARGET, operationsTopicArn: 'arn:aws:sns:us-east-1:444455556666:operations' }] },
    /a target for each Region/,
  ],
  ['no source', { sources: [] }, /at least one of `sources`/],
  [
    'a source that the hub does not listen to',
    { sources: [FindingSource.macie()] },
    /the hub does not listen to Macie.*got SecurityHub, GuardDuty/,
  ],
])('%s is refused', (_, props, says) => {
  expect(() => stackSetIn(props)).toThrow(says);
});

test('a hub without members is refused', () => {
  expect(() => stackSetIn({}, () => ({ members: undefined }))).toThrow(/supply `members`.*Members\.organization/);
});

test('a topic of members lets the role of the hub in, however often it is made anew', () => {
  const stack = stackIn();
  const hubRoleArn = 'arn:aws:iam::444455556666:role/Hub';
  new MemberTopic(stack, 'Topic', { hubRoleArn, ownKey: true, emails: ['a@example.com'], topicName: 'shop' });
  const template = Template.fromStack(stack);
  const hub = {
    Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:root']] } },
    Condition: { ArnEquals: { 'aws:PrincipalArn': hubRoleArn } },
  };
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sns:Publish', ...hub })]) },
  });
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], ...hub })]),
    },
  });
  template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/finding-advisor' });
  template.hasResourceProperties('AWS::SNS::Topic', { TopicName: 'shop' });
  template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'a@example.com', Protocol: 'email' });
});
