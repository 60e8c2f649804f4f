// Prints what we promise, and what was measured of it. What takes minutes is not measured anew: its last figures stand in
// bench/figures.json, with the commit and the day; --all measures all, and writes that file anew.
// A measure prints lines `PROMISE {promise, target, value}`; a promise that is not kept fails its measure, and this.
//   node scripts/promises.mjs [--all] [--json FILE]
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const figures = join(root, 'bench', 'figures.json');
const all = process.argv.includes('--all');
const json = process.argv.includes('--json') ? process.argv[process.argv.indexOf('--json') + 1] : undefined;

const pure = 'cargo test --no-default-features --locked --quiet';
const fast = [
  `${pure} --test promises -- --nocapture`,
  `${pure} --test classes what_aws_can_send -- --nocapture`,
  `${pure} --test corpus a_class_of_its_own -- --nocapture`,
];
const slow = [
  `${pure} --test promises -- --nocapture --ignored`,
  `${pure} --release --test fuzz -- --nocapture --ignored`,
  'npm run --silent mutants',
  'npm run --silent storm',
  'npm run --silent test:operations',
];

function output(command, ...args) {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8' }).stdout.trim();
}

const failed = [];
function measure(command) {
  const [program, ...args] = command.split(' ');
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) {
    failed.push(command);
    console.error(`${stdout}\n${stderr}\nFAILED: ${command}`);
  }
  const lines = stdout.split('\n').flatMap((line) => line.match(/PROMISE (\{.*\})/)?.[1] ?? []);
  return lines.map((line) => ({ ...JSON.parse(line), command }));
}

const promises = fast.flatMap(measure);
if (all) {
  const changed = output('git', 'status', '--porcelain') === '' ? '' : ' and changes';
  const commit = output('git', 'rev-parse', '--short', 'HEAD') + changed;
  const date = new Date().toISOString().slice(0, 10);
  const measured = slow.flatMap(measure).map((one) => ({ ...one, commit, date }));
  promises.push(...measured);
  if (failed.length === 0) {
    writeFileSync(figures, `${JSON.stringify(measured, null, 2)}\n`);
  }
} else {
  const kept = existsSync(figures) ? JSON.parse(readFileSync(figures, 'utf8')) : [];
  promises.push(...kept.filter(({ command }) => slow.includes(command)));
}
for (const { promise, target, value, command, commit, date } of promises) {
  const when = commit ? `\n  as of   ${date}, commit ${commit}` : '';
  console.log(`${promise}\n  target  ${target}\n  value   ${value}\n  command ${command}${when}\n`);
}
for (const command of slow.filter((command) => !promises.some((one) => one.command === command))) {
  console.log(`never measured, run \`npm run promises -- --all\`: ${command}\n`);
}
if (json) {
  writeFileSync(json, `${JSON.stringify(promises, null, 2)}\n`);
}
process.exit(failed.length > 0 ? 1 : 0);
