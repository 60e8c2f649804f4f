// The app that a platform team deploys: copy it, or fill in `context.findingAdvisor` of cdk.json.
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Channel, FindingAdvisor, Route } from 'cdk-finding-advisor';
import { readSettings } from './settings';

export const app = new App();
const settings = readSettings(app.node.tryGetContext('findingAdvisor'));
const stack = new Stack(app, 'FindingAdvisor', {
  description: 'Finding Advisor: security findings become advised notifications',
  env: { region: settings.region },
});

/**
 * Amazon SNS encrypts its disks without being asked. A key of your own (about $1 a month) is a property away: pass it as
 * `masterKey`, and the construct grants its use.
 */
function topic(id: string, recipients: string[]): Topic {
  const made = new Topic(stack, id, { enforceSSL: true });
  recipients.forEach((recipient) => made.addSubscription(new EmailSubscription(recipient)));
  return made;
}

const findings = topic('Findings', settings.recipients);
if (settings.recipients.length === 0) {
  Validations.of(findings).addWarning(
    'finding-advisor:noRecipients',
    'nobody hears of findings; put e-mail addresses into context.findingAdvisor.recipients of cdk.json',
  );
}

const advisor = new FindingAdvisor(stack, 'Advisor', {
  defaultRoute: Route.to(Channel.topic(findings), {
    language: settings.language,
    minimumSeverity: settings.minimumSeverity,
  }),
  models: settings.models,
  modelForHigh: settings.modelForHigh,
  rememberAdviceFor:
    settings.rememberAdviceForDays === undefined ? undefined : Duration.days(settings.rememberAdviceForDays),
  guardrail: settings.guardrail,
  budget: settings.budget,
  operationsTopic: settings.operators.length > 0 ? topic('Operations', settings.operators) : undefined,
});

// For teams that check with cdk-nag. With other models, theirs.
['anthropic.claude-haiku-5-5', 'anthropic.claude-haiku-4-5-20251001-v1:0', 'amazon.nova-2-lite-v1:0'].forEach(
  (model) => {
    Validations.of(advisor).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:bedrock:*::foundation-model/${model}]`,
      reason:
        'an inference profile chooses the Region, AWS adds Regions to it, and the condition lets in this profile only',
    });
  },
);
