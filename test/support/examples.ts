// The examples of the contract: what synthesis writes for a few apps, by file name in contract/examples.
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { EmailIdentity } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  Channel,
  FindingAdvisor,
  type FindingAdvisorProps,
  FindingSource,
  Geography,
  Language,
  Members,
  Model,
  Route,
  Severity,
} from 'cdk-finding-advisor';

import { handlerConfig } from './handler-config';

const APPS: Record<string, (stack: Stack) => FindingAdvisorProps> = {
  'smallest.json': (stack) => ({
    defaultRoute: Route.to(Channel.topic(new Topic(stack, 'Findings')), { language: Language.JAPANESE }),
  }),
  'routes-and-models.json': (stack) => ({
    defaultRoute: Route.to(Channel.topic(new Topic(stack, 'Rest')), {
      name: 'rest',
      language: Language.ENGLISH,
      minimumSeverity: Severity.INFORMATIONAL,
    }),
    routes: [
      Route.to(Channel.topic(new Topic(stack, 'Security')), {
        name: 'security-team_1',
        language: Language.JAPANESE,
        minimumSeverity: Severity.CRITICAL,
      }),
      Route.to(
        Channel.topic(
          Topic.fromTopicAttributes(stack, 'Partner', {
            topicArn: 'arn:aws:sns:us-east-1:444455556666:partner',
            keyArn: 'arn:aws:kms:us-east-1:444455556666:key/00000000-0000-0000-0000-000000000000',
          }),
        ),
        { name: 'partner', language: Language.ENGLISH, minimumSeverity: Severity.LOW },
      ),
    ],
    models: [
      Model.claudeSonnet5(Geography.GLOBAL),
      Model.of('apac.amazon.nova-pro-v1:0'),
      Model.of('amazon.nova-pro-v1:0'),
    ],
    modelForHigh: Model.claudeSonnet46(),
    rememberAdviceFor: Duration.days(30),
    guardrail: { id: '0a1b2c3d4e5f', version: '3' },
    budget: { tokensPerDay: 2_000_000, cheaperModel: Model.nova2Lite() },
  }),
  'matches.json': (stack) => ({
    sources: [FindingSource.securityHub(), FindingSource.guardDuty(), FindingSource.accessAnalyzer()],
    defaultRoute: Route.to(Channel.topic(new Topic(stack, 'Rest')), { language: Language.ENGLISH }),
    routes: [
      Route.to(Channel.topic(new Topic(stack, 'Shop')), {
        name: 'shop',
        language: Language.JAPANESE,
        minimumSeverity: Severity.MEDIUM,
        match: {
          severities: [Severity.MEDIUM, Severity.CRITICAL],
          sources: [FindingSource.guardDuty(), FindingSource.accessAnalyzer()],
          products: ['GuardDuty'],
          typePrefixes: ['UnauthorizedAccess:'],
          accounts: ['111122223333'],
          regions: ['ap-northeast-1'],
          resourceTypes: ['AWS::S3::Bucket'],
          tags: { team: ['shop', 'shop-web'] },
        },
        except: { tags: { env: ['sandbox'] } },
        repeatAfter: Duration.days(0),
        timeZone: 'Europe/Berlin',
        mostAMinute: 3,
      }),
    ],
  }),
  'channels.json': (stack) => {
    const secret = (id: string) => new Secret(stack, id);
    const language = Language.JAPANESE;
    return {
      members: Members.organization('o-a1b2c3d4e5'),
      defaultRoute: Route.to(Channel.slack({ channelId: 'C0123456789', token: secret('Bot') }), { language }),
      routes: [
        Route.to(Channel.memberTopic(), { name: 'members', language }),
        Route.to(Channel.chat(new Topic(stack, 'Chat')), { name: 'chat', language }),
        Route.to(Channel.slackWebhook({ url: secret('Hook'), urlField: 'url' }), { name: 'webhook', language }),
        Route.to(
          Channel.backlog({
            url: 'https://example.backlog.com',
            projectId: 1,
            issueTypeId: 2,
            apiKey: secret('Key'),
            closedStatusId: 3,
          }),
          { name: 'backlog', language },
        ),
        Route.to(
          Channel.jira({
            url: 'https://example.atlassian.net',
            projectKey: 'SEC',
            issueTypeId: '10001',
            email: 'robot@example.com',
            token: secret('Token'),
            closedStatus: '完了',
          }),
          { name: 'jira', language },
        ),
        Route.to(
          Channel.mail({
            identity: EmailIdentity.fromEmailIdentityName(stack, 'Identity', 'example.com'),
            from: 'Security <security@example.com>',
            to: ['team@example.com'],
            attachOriginal: true,
          }),
          { name: 'mail', language },
        ),
      ],
    };
  },
};

/** The content of each example's file. */
export function examples(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(APPS).map(([file, props]) => {
      const stack = new Stack(new App(), 'Example', { env: { region: 'ap-northeast-1' } });
      new FindingAdvisor(stack, 'Advisor', props(stack));
      return [file, `${JSON.stringify(handlerConfig(stack), null, 2)}\n`];
    }),
  );
}
