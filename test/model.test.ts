// Which models are asked, and what the handler may do for that.
import { Geography, Model } from 'cdk-finding-advisor';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

import { handlerConfig } from './support/handler-config';
import { advisorIn, stackIn } from './support/synthesis';

/** The statements of the handler's role about Bedrock. */
function grants(stack: Stack): unknown[] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const statements = policies.flatMap(
    (policy) =>
      (policy.Properties as { PolicyDocument: { Statement: { Action: string | string[] }[] } }).PolicyDocument
        .Statement,
  );
  return statements.filter(({ Action }) => Action === 'bedrock:InvokeModel');
}

function stackAsking(models: Model[] | undefined, region?: string): Stack {
  const stack = stackIn(region);
  advisorIn(stack, { models });
  return stack;
}

const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
const PARTITION = { Ref: 'AWS::Partition' };
const ACCOUNT = { Ref: 'AWS::AccountId' };

test.each([
  ['ap-northeast-1', 'jp'],
  ['ap-northeast-3', 'jp'],
  ['us-east-1', 'us'],
  ['us-west-2', 'us'],
  ['eu-central-1', 'eu'],
  ['eu-west-1', 'eu'],
])('in %s the default models stay in %s', (region, geography) => {
  expect(handlerConfig(stackAsking(undefined, region)).models).toEqual([
    `${geography}.anthropic.claude-haiku-5-5`,
    `${geography}.anthropic.claude-haiku-4-5-20251001-v1:0`,
    `${geography}.amazon.nova-2-lite-v1:0`,
  ]);
});

test('in Australia, where no profile of Nova stays, the default is Claude only', () => {
  expect(handlerConfig(stackAsking(undefined, 'ap-southeast-2')).models).toEqual([
    'au.anthropic.claude-haiku-5-5',
    'au.anthropic.claude-haiku-4-5-20251001-v1:0',
  ]);
});

test('a profile is granted with its model in every Region, but only through the profile', () => {
  const profile = join(
    'arn:',
    PARTITION,
    ':bedrock:ap-northeast-1:',
    ACCOUNT,
    ':inference-profile/jp.anthropic.claude-haiku-5-5',
  );
  expect(grants(stackAsking([Model.claudeHaiku55()]))).toEqual([
    { Action: 'bedrock:InvokeModel', Effect: 'Allow', Resource: profile },
    {
      Action: 'bedrock:InvokeModel',
      Effect: 'Allow',
      Resource: join('arn:', PARTITION, ':bedrock:*::foundation-model/anthropic.claude-haiku-5-5'),
      Condition: { StringEquals: { 'bedrock:InferenceProfileArn': profile } },
    },
  ]);
});

test('the global profile also needs the model without a Region', () => {
  const [, models] = grants(stackAsking([Model.nova2Lite(Geography.GLOBAL)], 'ap-south-1'));
  expect(models).toMatchObject({
    Resource: [
      join('arn:', PARTITION, ':bedrock:*::foundation-model/amazon.nova-2-lite-v1:0'),
      join('arn:', PARTITION, ':bedrock:::foundation-model/amazon.nova-2-lite-v1:0'),
    ],
  });
});

test('a model without a profile is granted in the Region of the stack', () => {
  expect(grants(stackAsking([Model.of('amazon.nova-lite-v1:0')]))).toEqual([
    {
      Action: 'bedrock:InvokeModel',
      Effect: 'Allow',
      Resource: join('arn:', PARTITION, ':bedrock:ap-northeast-1::foundation-model/amazon.nova-lite-v1:0'),
    },
  ]);
});

test('each model is asked by the id that was meant, in the order given', () => {
  const models = [
    Model.claudeSonnet5(),
    Model.claudeSonnet46(Geography.GLOBAL),
    Model.claudeHaiku45(Geography.EUROPE),
    Model.of('apac.amazon.nova-pro-v1:0'),
    Model.of('meta.llama4-scout-17b-instruct-v1:0'),
  ];
  expect(handlerConfig(stackAsking(models)).models).toEqual([
    'jp.anthropic.claude-sonnet-5',
    'global.anthropic.claude-sonnet-4-6',
    'eu.anthropic.claude-haiku-4-5-20251001-v1:0',
    'apac.amazon.nova-pro-v1:0',
    'meta.llama4-scout-17b-instruct-v1:0',
  ]);
});
