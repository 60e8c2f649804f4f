// The examples: each synthesises, and its templates change only on purpose.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

import { EXAMPLES, templatesOf } from './support/examples-app';

const ACKNOWLEDGED = [
  ':bedrock:*::foundation-model/',
  ':sns:*:*:security-findings]',
  ':kms:*:*:key/*]',
  '[Action::kms:GenerateDataKey*]',
];

test('each file in examples/ is tried', () => {
  const files = readdirSync(join(__dirname, '..', 'examples')).filter((file) => file.endsWith('.ts'));
  expect(files.map((file) => file.replace(/\.ts$/, '')).sort()).toEqual(Object.keys(EXAMPLES).sort());
});

describe.each(Object.entries(EXAMPLES))('%s', (_, app: App) => {
  test('has templates that change only on purpose', () => {
    expect(templatesOf(app)).toMatchSnapshot();
  });

  test('leaves nothing that reaches nobody', () => {
    const texts = app
      .synth()
      .stacks.flatMap(({ messages }) => messages.map(({ entry }) => JSON.stringify(entry.data)))
      .filter((text) => /reach(es)? nobody|nothing is heard|events in us-east-1 only/.test(text));
    expect(texts).toEqual([]);
  });

  test('leaves for cdk-nag only what a team acknowledges: its models in any Region, and what members have in each', () => {
    const rules = new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName);
    expect(rules.filter((rule) => !ACKNOWLEDGED.some((known) => rule.includes(known)))).toEqual([]);
  });
});
