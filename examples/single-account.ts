// One account and Region: Security Hub and GuardDuty, told to one address in Japanese, and alarms to another.
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Channel, FindingAdvisor, Language, Route } from 'cdk-finding-advisor';

export const app = new App();
const stack = new Stack(app, 'Security', { env: { region: 'ap-northeast-1' } });

const findings = new Topic(stack, 'Findings', { enforceSSL: true });
findings.addSubscription(new EmailSubscription('security@example.com'));

const operations = new Topic(stack, 'Operations', { enforceSSL: true });
operations.addSubscription(new EmailSubscription('operations@example.com'));

new FindingAdvisor(stack, 'Advisor', {
  defaultRoute: Route.to(Channel.topic(findings), { language: Language.JAPANESE }),
  operationsTopic: operations,
});
