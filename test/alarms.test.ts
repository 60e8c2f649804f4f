// The alarms: when they ring, whom they tell, and where a person reads what to do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { FindingForwarder } from 'cdk-finding-advisor';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';

import { advisorIn, stackIn, templateWith, warningsOf } from './support/synthesis';

const ROOT = join(__dirname, '..');

test('they ring at the first finding that could not be told, at a late one, and at an error of the handler', () => {
  const template = templateWith();
  for (const alarm of [
    { MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1, Statistic: 'Maximum', EvaluationPeriods: 1 },
    { MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 900, Statistic: 'Maximum', EvaluationPeriods: 1 },
    { MetricName: 'Errors', Threshold: 1, Statistic: 'Sum', EvaluationPeriods: 1 },
    { MetricName: 'LedgerErrors', Namespace: 'FindingAdvisor', Threshold: 1, Statistic: 'Sum', EvaluationPeriods: 1 },
    // Not at one refusal, which the next attempt most often mends.
    { MetricName: 'Refused', Namespace: 'FindingAdvisor', Threshold: 1, EvaluationPeriods: 3, DatapointsToAlarm: 2 },
  ]) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', alarm);
  }
  template.allResourcesProperties('AWS::CloudWatch::Alarm', {
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
});

test('they ring when the playbook speaks in the place of models', () => {
  const sum = (id: string, MetricName: string) =>
    Match.objectLike({
      Id: id,
      MetricStat: { Metric: { MetricName, Namespace: 'FindingAdvisor' }, Period: 3600, Stat: 'Sum' },
    });
  templateWith().hasResourceProperties('AWS::CloudWatch::Alarm', {
    Metrics: Match.arrayWith([sum('playbook', 'PlaybookAdvice'), sum('calls', 'ModelCalls')]),
  });
});

test('they tell the operations topic, and CloudWatch may publish to it', () => {
  const template = templateWith((stack) => ({
    operationsTopic: new Topic(stack, 'Operations', { enforceSSL: true }),
  }));
  const topic = { Ref: Match.stringLikeRegexp('Operations') };
  template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [topic] });
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    },
  });
});

test('without a topic they say that nobody hears them', () => {
  const stack = stackIn();
  advisorIn(stack);
  expect(warningsOf(stack)).toContainEqual(expect.stringContaining('supply `operationsTopic`'));
});

test('each alarm leads to its section in docs/operations.md, and each section has an alarm', () => {
  const stack = stackIn();
  const advisor = advisorIn(stack, { budget: { tokensPerDay: 1000 } });
  const hubBus = EventBus.fromEventBusArn(stack, 'Hub', 'arn:aws:events:us-east-1:444455556666:event-bus/findings');
  const forwarder = new FindingForwarder(stack, 'Forwarder', { hubBus });
  const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  const led = alarms.map((alarm) => {
    const { AlarmDescription } = alarm.Properties as { AlarmDescription: string };
    return /\/docs\/operations\.md#([a-z]+)$/.exec(AlarmDescription)?.[1];
  });
  const text = readFileSync(join(ROOT, 'docs', 'operations.md'), 'utf8');
  const sections = [...text.matchAll(/^## ([A-Za-z]+)$/gm)].map(([, title]) => title);
  expect(led.sort()).toEqual(sections.map((title) => title?.toLowerCase()).sort());
  expect([...advisor.alarms, ...forwarder.alarms].map(({ node }) => node.id).sort()).toEqual(sections.sort());
});
