// The hub's bus for members, and the forwarders that send to it.
import { FindingForwarder, FindingSource, Members, Severity } from 'cdk-finding-advisor';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';

import { advisorIn, routeTo, stackIn, templateWith, warningsOf } from './support/synthesis';

const ORGANIZATION = Members.organization('o-a1b2c3d4e5');
const HUB = 'arn:aws:events:ap-northeast-1:444455556666:event-bus/finding-advisor';

/** A stack with one forwarder, as it would stand in a member account. */
function forwarding(
  props: Partial<ConstructorParameters<typeof FindingForwarder>[2]> = {},
  region = 'eu-west-1',
): Stack {
  const stack = stackIn(region);
  new FindingForwarder(stack, 'Forwarder', { hubBus: EventBus.fromEventBusArn(stack, 'Hub', HUB), ...props });
  return stack;
}

/** The event patterns of all rules of a template, in the order of their text. */
function patterns(template: Template, bus: unknown): string[] {
  const rules = Object.values(template.findResources('AWS::Events::Rule'));
  return rules
    .map((rule) => rule.Properties as { EventPattern: unknown; EventBusName?: unknown })
    .filter(({ EventBusName }) => JSON.stringify(EventBusName) === JSON.stringify(bus))
    .map(({ EventPattern }) => JSON.stringify(EventPattern))
    .sort();
}

describe('a hub with members', () => {
  test('hears the same of them as of its own account, in the same queue', () => {
    const stack = stackIn();
    const advisor = advisorIn(stack, { members: ORGANIZATION });
    const template = Template.fromStack(stack);
    const own = patterns(template, undefined);
    expect(own.length).toBeGreaterThan(0);
    expect(patterns(template, stack.resolve(advisor.memberBus?.eventBusName))).toEqual(own);
    template.allResourcesProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: stack.resolve(advisor.queue.queueArn) as unknown })],
    });
  });

  test('lets in its organization only, and only sources that it listens to', () => {
    templateWith(() => ({ members: ORGANIZATION })).hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: Match.objectLike({
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Principal: { AWS: '*' },
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          'ForAllValues:StringEquals': { 'events:source': ['aws.guardduty', 'aws.securityhub'] },
        },
      }),
    });
  });

  test('lets in the accounts that are named', () => {
    const members = Members.accounts(['111122223333', '777788889999']);
    templateWith(() => ({ members })).hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: Match.objectLike({
        Principal: {
          AWS: ['111122223333', '777788889999'].map((id) => ({
            'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${id}:root`]],
          })),
        },
        Condition: { 'ForAllValues:StringEquals': { 'events:source': ['aws.guardduty', 'aws.securityhub'] } },
      }),
    });
  });

  test('has a bus of a name that members can be told', () => {
    const stack = stackIn();
    const advisor = advisorIn(stack, { members: ORGANIZATION, memberBusName: 'findings' });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::EventBus', { Name: 'findings' });
    expect(advisor.memberBus).toBeDefined();
    templateWith(() => ({ members: ORGANIZATION })).hasResourceProperties('AWS::Events::EventBus', {
      Name: 'finding-advisor',
    });
  });

  test('without members there is no bus', () => {
    templateWith().resourceCountIs('AWS::Events::EventBus', 0);
  });

  test.each([
    ['an organization that is none', () => Members.organization('shop'), /such as o-a1b2c3d4e5, got "shop"/],
    ['no account', () => Members.accounts([]), /at least one account/],
    ['an account of 11 digits', () => Members.accounts(['11112222333']), /12 digits, got "11112222333"/],
  ])('%s is refused', (_, members, says) => {
    expect(members).toThrow(says);
  });

  test('a pattern that names no source is refused, since anything could come in', () => {
    const source = FindingSource.pattern('Mine', { detailType: ['Finding'] });
    expect(() => advisorIn(stackIn(), { members: ORGANIZATION, sources: [source] })).toThrow(
      /with `members`, supply `source` as plain texts/,
    );
  });
});

describe('a forwarder', () => {
  test('sends to the bus of the hub and nowhere else, by a role', () => {
    const template = Template.fromStack(forwarding());
    template.allResourcesProperties('AWS::Events::Rule', {
      Targets: [
        {
          Id: 'Target0',
          Arn: HUB,
          RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ForwarderRole'), 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ForwarderDeadLetterQueue'), 'Arn'] } },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        },
      ],
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: 'events:PutEvents', Effect: 'Allow', Resource: HUB }] },
    });
  });

  test('listens as a hub does', () => {
    const props = { sources: [FindingSource.securityHubV2(), FindingSource.macie()], minimumSeverity: Severity.LOW };
    const hub = templateWith((stack) => ({
      defaultRoute: routeTo(stack, { minimumSeverity: Severity.LOW }),
      sources: props.sources,
      controlCloses: true,
    }));
    const forwarder = Template.fromStack(forwarding({ ...props, controlCloses: true }));
    expect(patterns(forwarder, undefined)).toEqual(patterns(hub, undefined));
  });

  test('keeps what the hub does not take, encrypted, with the key of the user if there is one', () => {
    const own = Template.fromStack(forwarding());
    own.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    const stack = stackIn();
    const hubBus = EventBus.fromEventBusArn(stack, 'Hub', HUB);
    new FindingForwarder(stack, 'Forwarder', { hubBus, encryptionKey: new Key(stack, 'Key') });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SQS::Queue', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Key'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'events.amazonaws.com' } })]),
      },
    });
  });

  test('of an app in two Regions takes the bus of the hub as it is', () => {
    const app = new App();
    const env = { account: '444455556666' };
    const hub = new Stack(app, 'Hub', { env: { ...env, region: 'ap-northeast-1' } });
    const advisor = advisorIn(hub, { members: Members.accounts(['444455556666']) });
    const { memberBus } = advisor;
    if (memberBus === undefined) throw new Error('no bus');
    const other = new Stack(app, 'Other', { env: { ...env, region: 'us-east-1' } });
    new FindingForwarder(other, 'Forwarder', { hubBus: memberBus });
    Template.fromStack(other).allResourcesProperties('AWS::Events::Rule', {
      Targets: [
        Match.objectLike({
          Arn: {
            'Fn::Join': [
              '',
              ['arn:', { Ref: 'AWS::Partition' }, ':events:ap-northeast-1:444455556666:event-bus/finding-advisor'],
            ],
          },
        }),
      ],
    });
  });

  test('refuses both versions of Security Hub too', () => {
    const sources = [FindingSource.securityHub(), FindingSource.securityHubV2()];
    expect(() => forwarding({ sources })).toThrow(/tell the same findings/);
  });
});

describe('sources that send from one Region only', () => {
  const sources = [FindingSource.signIn(), FindingSource.trustedAdvisor()];
  const ELSEWHERE = /(SignIn|TrustedAdvisor) sends events in us-east-1 only/;
  const warned = (stack: Stack) => warningsOf(stack).filter((text) => ELSEWHERE.test(text)).length;

  test('are warned of where a hub alone does not hear them', () => {
    const hub = stackIn();
    advisorIn(hub, { sources });
    expect(warned(hub)).toBe(2);
  });

  test('are not where members may send them', () => {
    const hub = stackIn();
    advisorIn(hub, { sources, members: ORGANIZATION });
    expect(warned(hub)).toBe(0);
    // One of several forwarders cannot know of the others.
    expect(warned(forwarding({ sources }))).toBe(0);
  });
});
