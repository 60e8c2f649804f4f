// How models are asked: what the handler is told of it, and what it may do for that.
import { Model } from 'cdk-finding-advisor';
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { handlerConfig } from './support/handler-config';
import { advisorIn, stackIn, templateWith } from './support/synthesis';

test('answers are remembered for a week, and nothing else is set unless it is asked for', () => {
  const stack = stackIn();
  advisorIn(stack);
  expect(handlerConfig(stack).advice).toEqual({ rememberDays: 7 });
});

test('each choice reaches the handler, and each model is granted', () => {
  const stack = stackIn();
  advisorIn(stack, {
    modelForHigh: Model.claudeSonnet5(),
    rememberAdviceFor: Duration.days(30),
    guardrail: { id: '0a1b2c3d4e5f', version: '3' },
    budget: { tokensPerDay: 1000, cheaperModel: Model.claudeSonnet46() },
  });
  expect(handlerConfig(stack).advice).toEqual({
    rememberDays: 30,
    modelForHigh: 'jp.anthropic.claude-sonnet-5',
    guardrail: { id: '0a1b2c3d4e5f', version: '3' },
    budget: { tokensPerDay: 1000, cheaperModel: 'jp.anthropic.claude-sonnet-4-6' },
  });
  const policies = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(policies).toContain('foundation-model/anthropic.claude-sonnet-5"');
  expect(policies).toContain('foundation-model/anthropic.claude-sonnet-4-6"');
});

test('a guardrail may be applied, also where its profile leads', () => {
  const own = (...parts: unknown[]) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...parts]] });
  templateWith(() => ({ guardrail: { id: '0a1b2c3d4e5f', version: '3' } })).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Action: 'bedrock:ApplyGuardrail',
          Effect: 'Allow',
          Resource: [
            own(':bedrock:ap-northeast-1:', { Ref: 'AWS::AccountId' }, ':guardrail/0a1b2c3d4e5f'),
            own(':bedrock:*:', { Ref: 'AWS::AccountId' }, ':guardrail-profile/*'),
          ],
        },
      ]),
    },
  });
});

test('an alarm rings at 80 % of a budget, and none is there without one', () => {
  const ofBudget = { Namespace: 'FindingAdvisor', MetricName: 'BudgetUsed' };
  templateWith(() => ({ budget: { tokensPerDay: 1000 } })).hasResourceProperties('AWS::CloudWatch::Alarm', {
    ...ofBudget,
    Threshold: 80,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
  templateWith().resourcePropertiesCountIs('AWS::CloudWatch::Alarm', ofBudget, 0);
});
