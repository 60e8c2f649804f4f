// Makes what follows from the contract: the schema from the Rust types, and the TypeScript types from the schema.
//   node scripts/generate-contract.mjs           writes both
//   node scripts/generate-contract.mjs --check   exits 1 when the TypeScript types differ
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

const root = join(import.meta.dirname, '..');
const schemaFile = join(root, 'contract', 'handler-config.schema.json');
const typesFile = join(root, 'cdk', 'generated', 'handler-config.ts');
const check = process.argv.includes('--check');

if (!check) {
  const printed = execFileSync('cargo', ['run', '-q', '--locked', '--bin', 'finding-advisor', '--', 'contract'], { cwd: root });
  writeFileSync(schemaFile, printed);
}
// A description beside a reference would make a copy of the type for each place that it is used in.
const schema = JSON.parse(readFileSync(schemaFile, 'utf8'), (_, value) =>
  value?.$ref === undefined ? value : { $ref: value.$ref },
);
const types = await compile(schema, 'HandlerConfig', {
  bannerComment: '// Generated from contract/handler-config.schema.json by `npm run contract`. Do not edit.',
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
});
const text = await format(types, { ...(await resolveConfig(typesFile)), parser: 'typescript' });
if (!check) {
  writeFileSync(typesFile, text);
} else if (readFileSync(typesFile, 'utf8') !== text) {
  console.error('cdk/generated/handler-config.ts is out of date: run `npm run contract`');
  process.exit(1);
}
