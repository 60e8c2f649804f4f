// The app and the construct against the AWS Solutions rules of cdk-nag.
import { App, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

import { appWith, FLAGS } from './support/app';
import { advisorIn, routeTo } from './support/synthesis';

function findings(scope: IConstruct): string[] {
  return new AwsSolutionsChecks().validateScope(scope).violations.map(({ ruleName }) => ruleName);
}

test.each([
  ['nobody', {}],
  ['recipients and operators', { recipients: ['a@example.com'], operators: ['b@example.com'] }],
])('the app for %s leaves no finding', (_, settings) => {
  expect(findings(appWith(settings))).toEqual([]);
});

test('what breaks a rule is found: a topic that takes messages without TLS, and a role that may do anything', () => {
  const stack = new Stack(new App({ context: FLAGS }), 'Security', { env: { region: 'ap-northeast-1' } });
  const { role } = advisorIn(stack, { defaultRoute: routeTo(stack) });
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['sns:*'], resources: ['*'] }));
  expect(findings(stack)).toEqual(
    expect.arrayContaining(['AwsSolutions-SNS3', 'AwsSolutions-IAM5[Action::sns:*]', 'AwsSolutions-IAM5[Resource::*]']),
  );
});

test('what the app acknowledges is what the construct asks for: the models of its profiles in any Region', () => {
  const stack = new Stack(new App({ context: FLAGS }), 'Security', { env: { region: 'ap-northeast-1' } });
  advisorIn(stack, { operationsTopic: new Topic(stack, 'Operations', { enforceSSL: true }) });
  expect(findings(stack.node.findChild('Advisor'))).toEqual(
    ['anthropic.claude-haiku-5-5', 'anthropic.claude-haiku-4-5-20251001-v1:0', 'amazon.nova-2-lite-v1:0'].map(
      (model) => `AwsSolutions-IAM5[Resource::arn:aws:bedrock:*::foundation-model/${model}]`,
    ),
  );
});
