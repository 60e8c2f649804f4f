// Runs the tests: all of them in order, or the lanes that are named.
//   node scripts/test.mjs [lint|rust|commands|cdk|e2e]…
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const python = join('.venv', 'bin', 'python');
const npx = ['npx', '--no-install'];
const lanes = {
  lint: {
    'Rust formatting': ['cargo', 'fmt', '--all', '--check'],
    'TypeScript formatting': [...npx, 'prettier', '--check', 'bin', 'cdk', 'examples', 'scripts', 'test'],
    'Rust lints': ['cargo', 'clippy', '--all-targets', '--locked', '--quiet', '--', '-D', 'warnings'],
    'supply chain': ['node', 'scripts/supply-chain.mjs', '--check'],
    'TypeScript lints': [...npx, 'eslint', 'bin', 'cdk', 'examples', 'scripts', 'test'],
  },
  rust: {
    'Rust, pure': ['cargo', 'test', '--no-default-features', '--locked', '--quiet'],
    'Rust, build': ['cargo', 'build', '--all-targets', '--locked', '--quiet'],
    // What the pure lane leaves out: the doors, opened for real.
    'Rust, doors': ['cargo', 'test', '--locked', '--quiet', '--lib', '--bins'],
  },
  commands: {
    "the catalogue's commands": [join('.venv-commands', 'bin', 'python'), '-m', 'pytest', '-q', 'test/commands'],
  },
  cdk: {
    contract: ['node', 'scripts/generate-contract.mjs', '--check'],
    'TypeScript types': [...npx, 'tsc', '-p', 'tsconfig.dev.json'],
    constructs: [...npx, 'jest', '--ci'],
    synthesis: [...npx, 'cdk', 'synth', '--quiet', '--output', 'target/synth'],
    examples: [...npx, 'tsx', '--tsconfig', 'tsconfig.dev.json', 'test/support/write-examples.ts', 'target/examples'],
    'cfn-lint': [join('.venv', 'bin', 'cfn-lint'), 'target/synth/*.template.json', 'target/examples/*.template.json'],
  },
  e2e: {
    'native build': ['cargo', 'build', '--all-targets', '--locked', '--quiet'],
    'end to end': [python, '-m', 'pytest', '-q', 'test/e2e'],
  },
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in lanes));
if (unknown.length > 0) {
  console.error(`no such lane: ${unknown.join(', ')}; there are ${Object.keys(lanes).join(', ')}`);
  process.exit(2);
}
const steps = Object.entries(lanes)
  .filter(([name]) => named.length === 0 || named.includes(name))
  .flatMap(([, lane]) => Object.entries(lane));
const env = { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'false' };
const failed = [];
for (const [name, [command, ...args]] of steps) {
  console.log(`\n== ${name}`);
  const start = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  if (status !== 0) {
    failed.push(name);
  }
}
if (!existsSync(join(root, 'assets', 'bootstrap.zip'))) {
  console.log('\n(The zip for Lambda is not built; `npm run build` does it.)');
}
console.log(failed.length > 0 ? `\nFailed: ${failed.join(', ')}` : '');
console.log(`steps: ${steps.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length > 0 ? 1 : 0);
