// The app of the test of grants: a hub with all that asks for a permission, and what its stack set makes in a member.
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { EmailIdentity } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  Channel,
  FindingAdvisor,
  FindingForwarderStackSet,
  FindingSource,
  Language,
  Members,
  Model,
  Route,
} from 'cdk-finding-advisor';

const app = new App();
const stack = new Stack(app, 'EveryGrant', { env: { region: 'ap-northeast-1' } });

const key = new Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY });
const topic = new Topic(stack, 'Topic', { masterKey: key });
const route = (name: string, channel: Channel, mostAMinute?: number) =>
  Route.to(channel, { name, language: Language.ENGLISH, mostAMinute });

const advisor = new FindingAdvisor(stack, 'Advisor', {
  members: Members.organization('o-a1b2c3d4e5'),
  sources: [FindingSource.guardDuty()],
  encryptionKey: key,
  modelForHigh: Model.of('jp.anthropic.claude-sonnet-4-5-20250929-v1:0'),
  guardrail: { id: '0a1b2c3d4e5f', version: '1' },
  budget: { tokensPerDay: 1_000_000 },
  defaultRoute: route('default', Channel.topic(new Topic(stack, 'Rest'))),
  routes: [
    // One a minute: what comes on top waits in the queue, and is told together.
    route('topic', Channel.topic(topic), 1),
    route(
      'mail',
      Channel.mail({
        identity: EmailIdentity.fromEmailIdentityName(stack, 'Identity', 'example.com'),
        from: 'security@example.com',
        to: ['on-call@example.com'],
      }),
    ),
    // What the secret holds is no address of Slack's: it is read, and nothing leaves the machine.
    route('slack', Channel.slackWebhook({ url: new Secret(stack, 'Webhook') })),
  ],
});

new FindingForwarderStackSet(stack, 'Members', {
  hub: advisor,
  targets: [{ organizationalUnitIds: ['ou-ab12-cdef3456'], regions: ['ap-northeast-1'] }],
});
