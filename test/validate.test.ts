// The templates of the examples, members' too, against the rules of AWS CloudFormation's own validator.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';

import { EXAMPLES, templatesOf } from './support/examples-app';

/** What is left as it is, and why. */
const LEFT: Record<string, string> = {
  W3005: 'CDK writes DependsOn beside each reference to a role, so that its policy is there too',
  F3033: "the member's subscription has an empty address as its default, and a condition that then leaves it out",
};

const engine = new RegoEngine();
const folder = mkdtempSync(join(tmpdir(), 'finding-advisor-validate-'));

afterAll(() => {
  engine.free();
  rmSync(folder, { recursive: true, force: true });
});

/** The rules that a template breaks, without what merely informs. */
function broken(template: unknown): string[] {
  const file = join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(template));
  const { diagnostics } = engine.validateStandard(new TemplateFile(file));
  return [...new Set(diagnostics.filter(({ severity }) => severity !== 'INFO').map(({ ruleId }) => ruleId))].sort();
}

test('the examples, and what their stack sets make in members, break no rule but those that are left on purpose', () => {
  const found = Object.values(EXAMPLES).flatMap((app) => Object.values(templatesOf(app)).flatMap(broken));
  expect([...new Set(found)].sort()).toEqual(Object.keys(LEFT).sort());
});

test('a queue that would be refused is found', () => {
  const Resources = { Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 'soon' } } };
  expect(broken({ Resources })).not.toEqual([]);
});
