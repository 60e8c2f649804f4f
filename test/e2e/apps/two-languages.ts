// The app of the end-to-end tests with a route in each language; the default route takes what neither of them takes.
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Channel, FindingAdvisor, Language, Route, Severity } from 'cdk-finding-advisor';

const app = new App();
const stack = new Stack(app, 'TwoLanguages', { env: { region: 'ap-northeast-1' } });

const route = (name: string, language: Language, minimumSeverity: Severity) =>
  Route.to(Channel.topic(new Topic(stack, name)), { name, language, minimumSeverity });

new FindingAdvisor(stack, 'Advisor', {
  defaultRoute: route('rest', Language.ENGLISH, Severity.MEDIUM),
  routes: [route('japanese', Language.JAPANESE, Severity.HIGH), route('english', Language.ENGLISH, Severity.HIGH)],
});
