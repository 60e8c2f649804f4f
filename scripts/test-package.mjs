// Tests what would be published: the zip is the same from another folder and another home, the package holds what it should
// and nothing else, and an app that installs it synthesises with the handler in it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'finding-advisor-'));
let passed = 0;

function check(name, fine, says) {
  if (!fine) {
    console.error(`FAILED: ${name}: ${says}`);
    process.exit(1);
  }
  passed += 1;
  console.log(`passed: ${name}`);
}

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** What a build reads, in another folder. */
function copyTo(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of ['Cargo.toml', 'Cargo.lock', '.cargo', 'handler', 'bench', 'scripts']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, '.venv-build'), join(folder, '.venv-build'));
}

try {
  const zip = join(root, 'assets', 'bootstrap.zip');
  check('the zip is built', existsSync(zip), 'run `npm run build` first');

  const home = join(work, 'home');
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  mkdirSync(join(home, '.cargo'), { recursive: true });
  // Another path for the same downloads; the toolchain is found where it is.
  symlinkSync(join(cargoHome, 'registry'), join(home, '.cargo', 'registry'));
  const checkout = join(work, 'another-checkout');
  copyTo(checkout);
  console.log('building the handler a second time, in another folder and under another home …');
  execFileSync(process.execPath, ['scripts/build-handler.mjs', join(work, 'target')], {
    cwd: checkout,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      HOME: home,
      CARGO_HOME: join(home, '.cargo'),
      RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'),
    },
  });
  const again = join(checkout, 'assets', 'bootstrap.zip');
  check('two builds have one sha256', sha256(zip) === sha256(again), `${sha256(zip)} and ${sha256(again)}`);
  const binary = readFileSync(join(work, 'target', 'lambda', 'bootstrap', 'bootstrap'));
  // The homes of the tools, not the builder's home itself: "/root" is also a word of our own texts.
  const folders = [work, cargoHome, process.env.RUSTUP_HOME ?? join(homedir(), '.rustup')];
  const named = folders.filter((folder) => binary.includes(folder));
  check('the binary names no folder of its builder', named.length === 0, named.join(', '));

  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', work], { cwd: root, encoding: 'utf8' }),
  );
  const [{ filename, size, files }] = Array.isArray(packed) ? packed : Object.values(packed);
  const paths = files.map(({ path }) => path);
  const expected = [
    '.jsii',
    'API.md',
    'CHANGELOG.md',
    'LICENSE',
    'README.ja.md',
    'README.md',
    'assets/THIRD-PARTY-NOTICES.txt',
    'assets/bootstrap.zip',
    'assets/sbom.cdx.json',
    'package.json',
  ];
  const missing = expected.filter((path) => !paths.includes(path));
  check('the package holds what it should', missing.length === 0 && paths.includes('lib/index.js'), missing.join(', '));
  const others = paths.filter((path) => !expected.includes(path) && !/^lib\/[a-z/-]+\.(?:js|d\.ts)$/.test(path));
  check('the package holds nothing else', others.length === 0, others.join(', '));
  console.log(`${filename}: ${size} bytes`);

  const app = join(work, 'app');
  const installed = join(app, 'node_modules', 'cdk-finding-advisor');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(work, filename), '-C', installed, '--strip-components=1']);
  for (const peer of ['aws-cdk-lib', 'constructs']) {
    symlinkSync(join(root, 'node_modules', peer), join(app, 'node_modules', peer));
  }
  writeFileSync(
    join(app, 'app.js'),
    `const { App, Stack } = require('aws-cdk-lib');
     const { Topic } = require('aws-cdk-lib/aws-sns');
     const { Channel, FindingAdvisor, Language, Route } = require('cdk-finding-advisor');
     const app = new App({ outdir: 'out' });
     const stack = new Stack(app, 'Security', { env: { region: 'ap-northeast-1' } });
     new FindingAdvisor(stack, 'FindingAdvisor', {
       defaultRoute: Route.to(Channel.topic(new Topic(stack, 'Findings')), { language: Language.JAPANESE }),
     });
     app.synth();`,
  );
  execFileSync(process.execPath, ['app.js'], {
    cwd: app,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CDK_VALIDATION: 'false' },
  });
  const zips = readdirSync(join(app, 'out')).filter((name) => name.endsWith('.zip'));
  check(
    'an app that installs it deploys the handler',
    zips.some((name) => sha256(join(app, 'out', name)) === sha256(zip)),
    zips.join(', '),
  );

  const npx = (...args) =>
    execFileSync('npx', ['--no-install', ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  npx('jsii-rosetta', 'extract', '--compile', '--strict', '.jsii', '--output', join(work, 'examples.json'));
  check('the examples of the README compile', true);
  npx('jsii-pacmak', '--targets', 'python', '--code-only', '--outdir', join(work, 'dist'));
  const python = join(work, 'dist', 'python', 'src', 'cdk_finding_advisor');
  const carried = existsSync(python) && readdirSync(join(python, '_jsii')).some((name) => name.endsWith('.tgz'));
  check('the Python package is made and carries the same', carried, python);
  console.log(`\n${passed} passed, 0 failed`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
