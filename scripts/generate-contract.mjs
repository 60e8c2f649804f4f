// Makes all that follows from the contract's Rust types: the schema, the constructs' TypeScript types, the examples.
// With --check it changes nothing and fails when the TypeScript types do not fit the schema; tests check the rest.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

const SCHEMA = 'contract/handler-config.schema.json';
const TYPES = 'cdk/generated/handler-config.ts';
const EXAMPLES = 'contract/examples';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (process.argv.includes('--check')) {
  if (readFileSync(TYPES, 'utf8') !== (await types())) {
    console.error(`${TYPES} does not fit ${SCHEMA}; run: npm run contract`);
    process.exitCode = 1;
  }
} else {
  writeFileSync(SCHEMA, schema());
  writeFileSync(TYPES, await types());
  readdirSync(EXAMPLES).forEach((stale) => rmSync(`${EXAMPLES}/${stale}`));
  Object.entries(examples()).forEach(([file, text]) => writeFileSync(`${EXAMPLES}/${file}`, text));
}

function schema() {
  // All targets, as everywhere else: with fewer, cargo would compile the AWS SDK once more with other features.
  execFileSync('cargo', ['build', '--quiet', '--all-targets', '--locked'], { stdio: 'inherit' });
  return execFileSync('target/debug/finding-advisor', ['contract']);
}

async function types() {
  // A description beside a reference would make an unnamed copy of the type that it refers to.
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'), (_key, value) =>
    value?.$ref ? { $ref: value.$ref } : value,
  );
  const text = await compile(schema, schema.title, {
    additionalProperties: false,
    bannerComment: `// The contract with the handler. Generated from ${SCHEMA}; to change it run: npm run contract`,
    format: false,
    ignoreMinAndMaxItems: true, // a tuple type "at least one" only makes casts; the construct checks it
  });
  return format(text, { ...(await resolveConfig(TYPES)), parser: 'typescript' });
}

function examples() {
  const printed = execFileSync('npx', ['tsx', '--tsconfig', 'tsconfig.dev.json', 'test/support/print-examples.ts'], {
    env: { ...process.env, CDK_VALIDATION: 'false' },
  });
  return JSON.parse(printed);
}
