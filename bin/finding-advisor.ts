// The app that a team copies: one topic, one FindingAdvisor. What differs between teams stands in cdk.json.
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Channel, FindingAdvisor, Route } from 'cdk-finding-advisor';
import { readContext } from './context';

const app = new App();
const context = readContext(app.node.tryGetContext('findingAdvisor'));
const stack = new Stack(app, 'FindingAdvisor', {
  description: 'Tells the right people about a security finding once, in their language',
  env: { region: context.region },
});

/** A topic that only takes encrypted connections, with its e-mail subscribers. */
function topic(id: string, recipients: string[]): Topic {
  const made = new Topic(stack, id, { enforceSSL: true });
  recipients.forEach((recipient) => made.addSubscription(new EmailSubscription(recipient)));
  if (recipients.length === 0) {
    stack.node.addMetadata('aws:cdk:warning', `Nobody is subscribed to ${id}: add addresses to findingAdvisor in cdk.json.`);
  }
  return made;
}

new FindingAdvisor(stack, 'Advisor', {
  defaultRoute: Route.to(Channel.topic(topic('Findings', context.recipients)), {
    language: context.language,
    minimumSeverity: context.minimumSeverity,
  }),
  models: context.models,
  operationsTopic: topic('Operations', context.operators),
});
