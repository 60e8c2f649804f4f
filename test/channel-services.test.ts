// Channels of services beside Amazon SNS: what the handler is told, and what exactly it may do.
import {
  BacklogText,
  type BacklogOptions,
  Channel,
  ChatClient,
  type JiraOptions,
  Language,
  type MailOptions,
  Route,
} from 'cdk-finding-advisor';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ConfigurationSet, EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';

import type { ChannelConfig } from '../cdk/generated/handler-config';
import { handlerConfig } from './support/handler-config';
import { advisorIn, stackIn } from './support/synthesis';

const SECRET = 'arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:';

function tell(stack: Stack, channel: Channel): Stack {
  advisorIn(stack, { defaultRoute: Route.to(channel, { language: Language.JAPANESE }) });
  return stack;
}

function told(stack: Stack): ChannelConfig {
  return handlerConfig(stack).defaultRoute.channel;
}

interface Policy {
  readonly Properties: { readonly PolicyDocument: { readonly Statement: Record<string, unknown>[] } };
}

/** The statements of the handler's policy that name this service. */
function statements(stack: Stack, service: string): Record<string, unknown>[] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  return policies
    .flatMap((policy) => (policy as unknown as Policy).Properties.PolicyDocument.Statement)
    .filter((statement) => JSON.stringify(statement.Action).includes(`"${service}:`));
}

const backlog = (apiKey: ISecret, more: Partial<BacklogOptions> = {}): BacklogOptions => ({
  url: 'https://example.backlog.com',
  projectId: 1,
  issueTypeId: 2,
  apiKey,
  ...more,
});
const jira = (token: ISecret, more: Partial<JiraOptions> = {}): JiraOptions => ({
  url: 'https://example.atlassian.net',
  projectKey: 'SEC',
  issueTypeId: '10001',
  token,
  ...more,
});
const mail = (stack: Stack, more: Partial<MailOptions> = {}): MailOptions => ({
  identity: EmailIdentity.fromEmailIdentityName(stack, 'Domain', 'example.com'),
  from: 'Security <security@example.com>',
  to: ['team@example.com'],
  ...more,
});

test('a secret is named and may be read, and no other is', () => {
  const channels: [string, (secret: ISecret) => Channel][] = [
    ['slack', (token) => Channel.slack({ channelId: 'C0123456789', token })],
    ['slackWebhook', (url) => Channel.slackWebhook({ url })],
    ['backlog', (apiKey) => Channel.backlog(backlog(apiKey))],
    ['jira', (token) => Channel.jira(jira(token))],
  ];
  for (const [kind, channel] of channels) {
    const stack = stackIn();
    const secret = new Secret(stack, 'Secret');
    new Secret(stack, 'Other');
    tell(stack, channel(secret));
    expect(told(stack)).toMatchObject({ kind, secret: { arn: expect.stringContaining(`${SECRET}Secret`) as string } });
    expect(statements(stack, 'secretsmanager')).toEqual([
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: { Ref: expect.stringMatching(/^Secret/) as string },
      },
    ]);
  }
});

test('the key of a secret may be used through AWS Secrets Manager alone', () => {
  const stack = stackIn();
  const secret = new Secret(stack, 'Secret', { encryptionKey: new Key(stack, 'Key') });
  tell(stack, Channel.slack({ channelId: 'C0123456789', token: secret }));
  Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'kms:Decrypt',
          Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.ap-northeast-1.amazonaws.com' } },
        }),
      ]),
    },
  });
});

test('a field of the secret and GovSlack are told', () => {
  const stack = stackIn();
  const token = new Secret(stack, 'Secret');
  tell(stack, Channel.slack({ channelId: 'C0123456789', token, tokenField: 'botToken', govSlack: true }));
  expect(told(stack)).toMatchObject({ apiUrl: 'https://slack-gov.com/api', secret: { field: 'botToken' } });
});

test('Amazon Q Developer reads a topic in the markup of its client', () => {
  for (const [client, word] of [
    [undefined, 'slack'],
    [ChatClient.TEAMS, 'teams'],
  ] as const) {
    const stack = stackIn();
    tell(stack, Channel.chat(new Topic(stack, 'Chat'), client));
    expect(told(stack)).toMatchObject({ kind: 'chat', client: word });
    expect(statements(stack, 'sns')).toEqual([
      { Effect: 'Allow', Action: 'sns:Publish', Resource: { Ref: expect.stringMatching(/^Chat/) as string } },
    ]);
  }
});

test('statuses of trackers are told where they are given', () => {
  const stack = stackIn();
  const secret = new Secret(stack, 'Secret');
  const ids = { text: BacklogText.BACKLOG, closedStatusId: 3, reopenedStatusId: 1 };
  tell(stack, Channel.backlog(backlog(secret, ids)));
  expect(told(stack)).toMatchObject(ids);
  const other = stackIn();
  const names = { email: 'robot@example.com', closedStatus: '完了', reopenedStatus: 'To Do' };
  tell(other, Channel.jira(jira(new Secret(other, 'Secret'), names)));
  expect(told(other)).toMatchObject(names);
});

test('mail may be sent with the identity and the configuration set, from one address', () => {
  const stack = stackIn();
  const identity = new EmailIdentity(stack, 'Identity', { identity: Identity.domain('example.com') });
  const configurationSet = new ConfigurationSet(stack, 'Set');
  tell(stack, Channel.mail(mail(stack, { identity, configurationSet, attachOriginal: true })));
  expect(told(stack)).toEqual({
    kind: 'mail',
    from: 'Security <security@example.com>',
    to: ['team@example.com'],
    configurationSet: expect.stringMatching(/^Set/) as string,
    attachOriginal: true,
  });
  const [statement, ...others] = statements(stack, 'ses');
  expect(others).toEqual([]);
  expect(statement).toMatchObject({
    Action: 'ses:SendEmail',
    Condition: { StringEquals: { 'ses:FromAddress': 'security@example.com' } },
  });
  const resources = JSON.stringify(statement?.Resource);
  expect(resources).toContain(':identity/');
  expect(resources).toContain(':configuration-set/');
  expect(resources).not.toContain('*');
});

test('an identity of another account and Region is named with both', () => {
  const stack = new Stack(new App(), 'Security', { env: { account: '111122223333', region: 'ap-northeast-1' } });
  const arn = 'arn:aws:ses:us-east-1:444455556666:identity/example.com';
  const identity = EmailIdentity.fromEmailIdentityArn(stack, 'Identity', arn);
  tell(stack, Channel.mail(mail(stack, { identity })));
  expect(told(stack)).toMatchObject({ identityArn: arn, region: 'us-east-1' });
  expect(statements(stack, 'ses')).toMatchObject([{ Resource: arn }]);
});

test.each<[string, (stack: Stack, secret: ISecret) => Channel, RegExp]>([
  [
    'a Slack channel by name',
    (_, token) => Channel.slack({ channelId: '#security', token }),
    /C0123456789, got "#security"/,
  ],
  [
    'a field without a name',
    (_, token) => Channel.slack({ channelId: 'C0123456789', token, tokenField: '' }),
    /leave it out for the whole secret/,
  ],
  [
    'plain http to Backlog',
    (_, key) => Channel.backlog(backlog(key, { url: 'http://example.backlog.com' })),
    /https:\/\/example\.backlog\.com, got "http:/,
  ],
  [
    'a path behind the space',
    (_, key) => Channel.backlog(backlog(key, { url: 'https://example.backlog.com/' })),
    /got "https:\/\/example\.backlog\.com\/"/,
  ],
  ['a project that is no id', (_, key) => Channel.backlog(backlog(key, { projectId: 1.5 })), /`projectId`.*got 1\.5/],
  ['a status of 0', (_, key) => Channel.backlog(backlog(key, { closedStatusId: 0 })), /`closedStatusId`.*got 0/],
  [
    'Jira somewhere else',
    (_, token) => Channel.jira(jira(token, { url: 'https://jira.example.com' })),
    /SITE\.atlassian\.net.*got "https:\/\/jira\.example\.com"/,
  ],
  [
    'a project by name',
    (_, token) => Channel.jira(jira(token, { projectKey: 'Security' })),
    /like SEC, got "Security"/,
  ],
  ['an issue type by name', (_, token) => Channel.jira(jira(token, { issueTypeId: 'Task' })), /10001, got "Task"/],
  ['mail to nobody', (stack) => Channel.mail(mail(stack, { to: [] })), /1 to 50 addresses in `to`, got 0/],
  ['a recipient without a domain', (stack) => Channel.mail(mail(stack, { to: ['team'] })), /got "team"/],
  ['a sender in Japanese', (stack) => Channel.mail(mail(stack, { from: '警備 <a@example.com>' })), /in ASCII/],
  [
    'a sender of another domain',
    (stack) => Channel.mail(mail(stack, { from: 'a@evil.example' })),
    /address of the identity example\.com, got a@evil\.example/,
  ],
  [
    'a FIFO topic for chat',
    (stack) => Channel.chat(new Topic(stack, 'Ordered', { fifo: true })),
    /Channel\.chat\(\) takes a standard topic/,
  ],
])('%s is refused early', (_, bad, says) => {
  const stack = stackIn();
  const secret = new Secret(stack, 'Secret');
  expect(() => bad(stack, secret)).toThrow(says);
});
