// The app of the end-to-end tests with a guardrail.
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Channel, FindingAdvisor, Language, Route, Severity } from 'cdk-finding-advisor';

const app = new App();
const stack = new Stack(app, 'Guarded', { env: { region: 'ap-northeast-1' } });

new FindingAdvisor(stack, 'Advisor', {
  defaultRoute: Route.to(Channel.topic(new Topic(stack, 'Topic')), {
    language: Language.JAPANESE,
    minimumSeverity: Severity.HIGH,
  }),
  guardrail: { id: '0a1b2c3d4e5f', version: '3' },
});
