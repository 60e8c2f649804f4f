// Changes the rule and the routes in every way that cargo-mutants knows, one at a time, and counts the changes that a test
// notices. What is changed and which tests run stands in .cargo/mutants.toml. Takes a while: some seconds a change.
//   node scripts/mutants.mjs [OPTIONS OF cargo mutants]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const LEAST = 0.95;
const root = join(import.meta.dirname, '..');
const out = join(root, 'target', 'mutants');

if (spawnSync('cargo', ['mutants', '--version']).status !== 0) {
  console.error('cargo-mutants is missing; get it with: cargo install cargo-mutants --locked --version 27.1.0');
  process.exit(1);
}
// A target folder of its own stays warm from run to run, and no build of yours waits for it.
const env = { ...process.env, CARGO_TARGET_DIR: process.env.CARGO_TARGET_DIR ?? join(out, 'build') };
mkdirSync(out, { recursive: true });
const outcomes = join(out, 'mutants.out', 'outcomes.json');
rmSync(outcomes, { force: true });
const { status } = spawnSync('cargo', ['mutants', '--output', out, '--no-shuffle', ...process.argv.slice(2)], {
  cwd: root,
  env,
  stdio: ['ignore', 'inherit', 'inherit'],
});
// 0: all were noticed; 2 and 3: some were not, or ran too long. All else is no measure.
if (![0, 2, 3].includes(status) || !existsSync(outcomes)) {
  console.error(`cargo mutants ended with ${status}; its own words stand above`);
  process.exit(1);
}
const { caught, timeout, missed, unviable } = JSON.parse(readFileSync(outcomes, 'utf8'));
const noticed = caught + timeout;
const share = noticed / (noticed + missed);
console.log(`noticed ${noticed} of ${noticed + missed} changes; ${unviable} more did not compile`);
for (const survivor of readFileSync(join(out, 'mutants.out', 'missed.txt'), 'utf8')
  .split('\n')
  .filter(Boolean)) {
  console.log(`  nobody noticed: ${survivor}`);
}
const value = `${(100 * share).toFixed(1)} % (${noticed} of ${noticed + missed})`;
const promise = 'changes of the rule and of the routes that a test notices';
console.log(`PROMISE ${JSON.stringify({ promise, target: `>= ${100 * LEAST} %`, value })}`);
process.exit(share >= LEAST ? 0 : 1);
