// Sets up what `npm test` and `npm run demo` need, with Node's built-ins alone, and skips what is there already.
//   node scripts/setup.mjs            Node packages, the Python environments of the local AWS and of the AWS CLI
//   node scripts/setup.mjs templates  also checkov, which looks at the synthesised templates
//   node scripts/setup.mjs build      also cargo-lambda and zig, which build the handler for Lambda
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamps = join(root, '.setup');
const build = process.argv[2] === 'build';
const templates = process.argv[2] === 'templates';

/** The first line that a command prints, or nothing when it is not there. */
function ask(command, ...args) {
  const asked = spawnSync(command, args, { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : '';
}

/** Ends with one line that says what is missing. */
function need(there, what) {
  if (!there) {
    fail(what);
  }
}

function fail(why) {
  console.error(`set-up: ${why}`);
  process.exit(1);
}

function atLeast(version, minimum) {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = minimum.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** Does a step once for each state of a file. */
function once(name, file, present, says, step) {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, file)))
    .digest('hex');
  const stamp = join(stamps, name);
  if (present && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
    return;
  }
  console.log(`set-up: ${says}`);
  const start = Date.now();
  rmSync(stamp, { force: true }); // what an interrupted step leaves is not done
  step();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, hash);
  console.log(`set-up: done in ${Math.round((Date.now() - start) / 1000)} s`);
}

function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    fail(`${[command, ...args].join(' ')} failed; its own words stand above`);
  }
}

/** A virtual environment of the project with what a requirements file pins. */
function environment(folder, requirements, says) {
  const python = join(root, folder, 'bin', 'python');
  once(folder, requirements, existsSync(python), says, () => {
    run(interpreter, '-m', 'venv', '--clear', folder);
    run(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements);
  });
}

need(Number(process.versions.node.split('.')[0]) >= 20, `Node 20 or newer is needed, this is ${process.versions.node}`);
const rust = /rust-version = "([\d.]+)"/.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))[1];
const cargo = /^cargo ([\d.]+)/.exec(ask('cargo', '--version'))?.[1];
need(cargo, `Rust ${rust} or newer is missing: install it from https://rustup.rs`);
need(atLeast(cargo, rust), `Rust ${rust} or newer is needed, this is ${cargo}: run \`rustup update\``);
need(ask('cc', '--version'), 'a C compiler is missing, which Rust needs (on Debian: apt-get install gcc libc6-dev)');
const interpreter = ['python3', 'python'].find((name) =>
  ask(name, '-c', 'import ensurepip, sys, venv; print("yes" if sys.version_info >= (3, 10) else "")'),
);
need(interpreter, 'Python 3.10 or newer with its venv is missing (on Debian: apt-get install python3-venv)');

once(
  'node_modules',
  'package-lock.json',
  existsSync(join(root, 'node_modules')),
  'Node packages … (about 1 min the first time)',
  () => run('npm', 'ci', '--no-audit', '--no-fund'),
);
environment('.venv', 'local/requirements.txt', 'the local AWS and cfn-lint, into .venv … (about 1 min the first time)');
environment('.venv-commands', 'test/commands/requirements.txt', 'the AWS CLI, into .venv-commands …');
if (templates) {
  environment('.venv-templates', 'test/templates/requirements.txt', 'checkov, into .venv-templates … (about 2 min)');
}
if (build) {
  environment(
    '.venv-build',
    'scripts/requirements-build.txt',
    'cargo-lambda and zig, into .venv-build … (about 1 min the first time)',
  );
  const target = 'aarch64-unknown-linux-gnu';
  if (ask('rustup', '--version') && !ask('rustup', 'target', 'list', '--installed').split('\n').includes(target)) {
    console.log(`set-up: Rust's standard library for ${target} …`);
    run('rustup', 'target', 'add', target);
  }
}
