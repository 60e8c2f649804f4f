// The app of the end-to-end tests whose rules let GuardDuty's findings through twice: from GuardDuty and from Security Hub.
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Channel, FindingAdvisor, FindingSource, Language, Route, Severity } from 'cdk-finding-advisor';

const app = new App();
const stack = new Stack(app, 'BothWays', { env: { region: 'ap-northeast-1' } });

new FindingAdvisor(stack, 'Advisor', {
  defaultRoute: Route.to(Channel.topic(new Topic(stack, 'Topic')), {
    language: Language.JAPANESE,
    minimumSeverity: Severity.HIGH,
  }),
  sources: [
    FindingSource.guardDuty(),
    FindingSource.pattern('EverythingOfSecurityHub', {
      source: ['aws.securityhub'],
      detailType: ['Security Hub Findings - Imported'],
    }),
  ],
});
