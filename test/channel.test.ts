// What the handler may do to send, and what a user is told of topics that are not the stack's.
import { Channel, Language, Members, type MemberTopicOptions, Route } from 'cdk-finding-advisor';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EmailIdentity } from 'aws-cdk-lib/aws-ses';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';

import { handlerConfig } from './support/handler-config';
import { advisorIn, stackIn, warningsOf } from './support/synthesis';

const topicArn = 'arn:aws:sns:us-east-1:444455556666:findings';
const keyArn = 'arn:aws:kms:us-east-1:444455556666:key/00000000-0000-0000-0000-000000000000';
const KEY_UNKNOWN = expect.stringContaining('Topic.fromTopicAttributes({ topicArn, keyArn })') as string;

/** A stack whose only route sends to a topic. */
function stackTelling(topic: (stack: Stack) => ITopic): Stack {
  const stack = stackIn();
  const channel = Channel.topic(topic(stack));
  advisorIn(stack, { defaultRoute: Route.to(channel, { language: Language.ENGLISH }) });
  return stack;
}

function expectGrant(stack: Stack, statement: Record<string, unknown>): void {
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(statement)]) },
  });
}

test('a topic of the stack is published to, and no key is used', () => {
  const stack = stackTelling((scope) => new Topic(scope, 'Topic'));
  expectGrant(stack, { Action: 'sns:Publish', Resource: { Ref: Match.stringLikeRegexp('Topic') } });
  expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).not.toContain('kms:');
  expect(warningsOf(stack)).not.toContainEqual(KEY_UNKNOWN);
});

test('the key of a topic of the stack may be used', () => {
  const stack = stackTelling((scope) => new Topic(scope, 'Topic', { masterKey: new Key(scope, 'Key') }));
  expectGrant(stack, {
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('Key'), 'Arn'] },
  });
});

test("another account's topic is published to, with a warning about the key that is not known", () => {
  const stack = stackTelling((scope) => Topic.fromTopicArn(scope, 'Topic', topicArn));
  expectGrant(stack, { Action: 'sns:Publish', Resource: topicArn });
  expect(warningsOf(stack)).toContainEqual(KEY_UNKNOWN);
  expect(handlerConfig(stack).defaultRoute.channel).toEqual({ kind: 'topic', topicArn });
});

test('the key of an imported topic may be used where it is known', () => {
  const stack = stackTelling((scope) => Topic.fromTopicAttributes(scope, 'Topic', { topicArn, keyArn }));
  expectGrant(stack, { Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: keyArn });
  expect(warningsOf(stack)).not.toContainEqual(KEY_UNKNOWN);
});

test('the construct makes neither topics nor subscriptions', () => {
  const template = Template.fromStack(stackTelling((scope) => Topic.fromTopicArn(scope, 'Topic', topicArn)));
  template.resourceCountIs('AWS::SNS::Topic', 0);
  template.resourceCountIs('AWS::SNS::Subscription', 0);
});

test('the owner of a topic in another account is told what to add to its policy and to that of its key', () => {
  const stack = stackIn();
  const advisor = advisorIn(stack);
  const role = stack.resolve(advisor.role.roleArn) as unknown;
  const hub = {
    Effect: 'Allow',
    Principal: {
      AWS: {
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { 'Fn::Select': [4, { 'Fn::Split': [':', role] }] }, ':root'],
        ],
      },
    },
    Condition: { ArnEquals: { 'aws:PrincipalArn': role } },
  };
  const topic = Topic.fromTopicArn(stack, 'Topic', topicArn);
  expect(stack.resolve(advisor.topicPolicyStatement(topic).toStatementJson())).toEqual({
    ...hub,
    Sid: 'HubSendsFindings',
    Action: 'sns:Publish',
    Resource: topicArn,
  });
  expect(stack.resolve(advisor.keyPolicyStatement().toStatementJson())).toEqual({
    ...hub,
    Sid: 'HubSendsToEncryptedTopic',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
  });
});

test("another account's identity lets the hub send from one address, which its owner can print", () => {
  const stack = stackIn();
  const identityArn = 'arn:aws:ses:ap-northeast-1:444455556666:identity/example.com';
  const identity = EmailIdentity.fromEmailIdentityArn(stack, 'Identity', identityArn);
  const statement = advisorIn(stack).identityPolicyStatement(identity, 'Security <security@example.com>');
  expect(stack.resolve(statement.toStatementJson())).toMatchObject({
    Effect: 'Allow',
    Action: 'ses:SendEmail',
    Resource: identityArn,
    Condition: { StringEquals: { 'ses:FromAddress': 'security@example.com' } },
  });
});

describe('topics of members', () => {
  /** A stack with a route to topics of members, which are told what the options say. */
  function stackTellingMembers(members: Members, options?: MemberTopicOptions): Stack {
    const stack = stackIn();
    const route = Route.to(Channel.memberTopic(options), { name: 'members', language: Language.ENGLISH });
    advisorIn(stack, { members, routes: [route] });
    return stack;
  }
  const arn = (rest: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${rest}`]] });
  const ORGANIZATION = { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' };

  test('are published to in the organization only, under their name, and no key is used', () => {
    const stack = stackTellingMembers(Members.organization('o-a1b2c3d4e5'));
    expectGrant(stack, {
      Action: 'sns:Publish',
      Resource: arn('sns:*:*:finding-advisor'),
      Condition: { StringEquals: ORGANIZATION },
    });
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).not.toContain('kms:');
    expect(handlerConfig(stack).routes[0]?.channel).toEqual({ kind: 'memberTopic', topicName: 'finding-advisor' });
  });

  test('with keys of their own: those keys may be used through Amazon SNS and in no other way', () => {
    const stack = stackTellingMembers(Members.organization('o-a1b2c3d4e5'), { topicName: 'shop', ownKey: true });
    expectGrant(stack, { Action: 'sns:Publish', Resource: arn('sns:*:*:shop') });
    expectGrant(stack, {
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: arn('kms:*:*:key/*'),
      Condition: {
        StringEquals: ORGANIZATION,
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/finding-advisor' },
        StringLike: { 'kms:ViaService': 'sns.*.amazonaws.com' },
      },
    });
  });

  test('of accounts that are named are published to in these accounts', () => {
    expectGrant(stackTellingMembers(Members.accounts(['111122223333', '777788889999'])), {
      Action: 'sns:Publish',
      Resource: ['111122223333', '777788889999'].map((account) => arn(`sns:*:${account}:finding-advisor`)),
    });
  });
});
