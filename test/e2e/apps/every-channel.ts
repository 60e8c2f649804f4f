// The app of the end-to-end tests with a route over every channel; the default route takes what they do not, or are refused.
import { App, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { EmailIdentity } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Channel, FindingAdvisor, Language, Route, Severity } from 'cdk-finding-advisor';

const app = new App();
const stack = new Stack(app, 'EveryChannel', { env: { region: 'ap-northeast-1' } });

const secret = (name: string) => Secret.fromSecretNameV2(stack, name, name);

const route = (name: string, language: Language, channel: Channel) =>
  Route.to(channel, { name, language, minimumSeverity: Severity.MEDIUM });

new FindingAdvisor(stack, 'Advisor', {
  defaultRoute: route('rest', Language.ENGLISH, Channel.topic(new Topic(stack, 'Rest'))),
  routes: [
    route('topic', Language.JAPANESE, Channel.topic(new Topic(stack, 'Topic'))),
    route('chat', Language.JAPANESE, Channel.chat(new Topic(stack, 'Chat'))),
    route(
      'mail',
      Language.JAPANESE,
      Channel.mail({
        identity: EmailIdentity.fromEmailIdentityName(stack, 'Identity', 'example.com'),
        from: 'Security <security@example.com>',
        to: ['team@example.com'],
        attachOriginal: true,
      }),
    ),
    route('slack', Language.JAPANESE, Channel.slack({ channelId: 'C0123456789', token: secret('slack-bot') })),
    route('hook', Language.ENGLISH, Channel.slackWebhook({ url: secret('slack-hook') })),
    route(
      'backlog',
      Language.JAPANESE,
      Channel.backlog({
        url: 'https://example.backlog.com',
        projectId: 101,
        issueTypeId: 202,
        apiKey: secret('backlog-key'),
        closedStatusId: 3,
        reopenedStatusId: 1,
      }),
    ),
    route(
      'jira',
      Language.ENGLISH,
      Channel.jira({
        url: 'https://example.atlassian.net',
        projectKey: 'SEC',
        issueTypeId: '10001',
        email: 'robot@example.com',
        token: secret('jira-token'),
        closedStatus: 'Done',
        reopenedStatus: 'To Do',
      }),
    ),
  ],
});
