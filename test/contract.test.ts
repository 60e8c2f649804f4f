// The contract with the handler: what synthesis writes fits the schema that the handler's types made.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv2020 from 'ajv/dist/2020';

import { examples } from './support/examples';

const ROOT = join(__dirname, '..');
const EXAMPLES = join(ROOT, 'contract', 'examples');
const made = examples();

test.each(Object.entries(made))('%s fits the schema', (_, json) => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'contract', 'handler-config.schema.json'), 'utf8')) as object;
  const ajv = new Ajv2020({ allErrors: true, formats: { uint16: true, uint64: true } });
  expect(ajv.validate(schema, JSON.parse(json)) || ajv.errorsText()).toBe(true);
});

test('the examples are those that synthesis writes: if not, run `npm run contract`', () => {
  const kept = readdirSync(EXAMPLES).map((name) => [name, readFileSync(join(EXAMPLES, name), 'utf8')]);
  expect(Object.fromEntries(kept)).toEqual(made);
});

test('the types are those that the schema makes: if not, run `npm run contract`', () => {
  const check = spawnSync(process.execPath, ['scripts/generate-contract.mjs', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(check.stderr).toBe('');
  expect(check.status).toBe(0);
});
