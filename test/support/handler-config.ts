// The handler's configuration as it lies in a synthesised template, with fixed values for what only deployment knows.
import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib';

import type { HandlerConfig } from '../../cdk/generated/handler-config';

type Part = string | { Ref: string };
type Variable = string | { 'Fn::Join': [string, Part[]] };

/** What `HANDLER_CONFIG` of the one handler in this stack will be. */
export function handlerConfig(stack: Stack): HandlerConfig {
  const template = Template.fromStack(stack);
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  const variables = functions.map((found) => (found.Properties as Properties).Environment?.Variables.HANDLER_CONFIG);
  const [variable] = variables.filter((found) => found !== undefined);
  if (variable === undefined) throw new Error('no function of the stack has HANDLER_CONFIG');
  const parts = typeof variable === 'string' ? [variable] : variable['Fn::Join'][1];
  const json = parts.map((part) => (typeof part === 'string' ? part : deployed(template, part.Ref))).join('');
  return JSON.parse(json) as HandlerConfig;
}

interface Properties {
  readonly Environment?: { readonly Variables: { readonly HANDLER_CONFIG?: Variable } };
}

function deployed(template: Template, logicalId: string): string {
  const resources = template.toJSON().Resources as Record<string, { Type: string }>;
  const type = resources[logicalId]?.Type;
  if (type === 'AWS::SNS::Topic') return `arn:aws:sns:ap-northeast-1:111122223333:${logicalId}`;
  if (type === 'AWS::DynamoDB::GlobalTable') return logicalId;
  if (type === 'AWS::SQS::Queue') return `https://sqs.ap-northeast-1.amazonaws.com/111122223333/${logicalId}`;
  if (type === 'AWS::SecretsManager::Secret') {
    return `arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:${logicalId}`;
  }
  if (type === 'AWS::SES::ConfigurationSet') return logicalId;
  throw new Error(
    `expected a topic, a queue, a table, a secret or a configuration set behind ${logicalId}, got ${type}`,
  );
}
