// Generates what the constructs know of the contract with the handler from contract/handler-config.schema.json.
// With --check it changes nothing and fails when a file differs.
import { readFile, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';
import * as prettier from 'prettier';

const SCHEMA = 'contract/handler-config.schema.json';
const TYPES = 'cdk/generated/handler-config.ts';

const root = new URL('..', import.meta.url);
const text = await readFile(new URL(SCHEMA, root), 'utf8');
// A description beside a reference would make an unnamed copy of the type that it refers to.
const schema = JSON.parse(text, (_key, value) => (value?.$ref ? { $ref: value.$ref } : value));
const types = await compile(schema, schema.title, {
  additionalProperties: false,
  bannerComment: `// The contract with the handler. Generated from ${SCHEMA}; to change it run: npm run contract`,
  format: false,
  ignoreMinAndMaxItems: true,
});
const options = await prettier.resolveConfig(new URL(TYPES, root));
const wanted = await prettier.format(types, { ...options, parser: 'typescript' });

if (process.argv.includes('--check')) {
  const found = await readFile(new URL(TYPES, root), 'utf8').catch(() => undefined);
  if (found !== wanted) {
    console.error(`${TYPES} does not fit ${SCHEMA}; run: npm run contract`);
    process.exitCode = 1;
  }
} else {
  await writeFile(new URL(TYPES, root), wanted);
}
