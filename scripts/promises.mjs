// Measures what we promise and prints it as a table; with --all also what takes minutes. Tests print the lines
// `PROMISE {promise, target, value}`; a promise that is not kept fails its test, and this.
//   node scripts/promises.mjs [--all] [--json FILE]
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const all = process.argv.includes('--all');
const json = process.argv.includes('--json') ? process.argv[process.argv.indexOf('--json') + 1] : undefined;
const pure = ['test', '--no-default-features', '--locked', '--quiet'];
const measures = [
  ['cargo', [...pure, '--test', 'promises', '--', '--nocapture', ...(all ? ['--include-ignored'] : [])]],
];

let failed = false;
const promises = [];
for (const [command, args] of measures) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  const kept = status === 0;
  failed ||= !kept;
  const lines = stdout.split('\n').flatMap((line) => line.match(/PROMISE (\{.*\})/)?.[1] ?? []);
  promises.push(...lines.map((line) => ({ ...JSON.parse(line), command: [command, ...args].join(' ') })));
  if (!kept) {
    console.error(`${stdout}\n${stderr}\nFAILED: ${command} ${args.join(' ')}`);
  }
}
for (const { promise, target, value, command } of promises) {
  console.log(`${promise}\n  target  ${target}\n  value   ${value}\n  command ${command}\n`);
}
if (json) {
  writeFileSync(json, `${JSON.stringify(promises, null, 2)}\n`);
}
process.exit(failed ? 1 : 0);
