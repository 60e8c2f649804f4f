// What the handler is made of: checks where its crates come from, their licences, and that no second TLS stack came in; and
// writes what the package carries beside the zip: the licences' texts and a bill of materials (CycloneDX).
//   node scripts/supply-chain.mjs            writes assets/THIRD-PARTY-NOTICES.txt and assets/sbom.cdx.json
//   node scripts/supply-chain.mjs --check    checks only
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const TARGET = 'aarch64-unknown-linux-gnu';
const CRATES_IO = 'registry+https://github.com/rust-lang/crates.io-index';

/** Licences whose texts we carry and whose terms an Apache-2.0 package can keep. */
const LICENCES = [
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BSD-3-Clause',
  'BSL-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
];

/** Crates that would be a second TLS or HTTP stack, or an old one with advisories; with the first version that may come in. */
const BANNED = {
  'native-tls': undefined,
  openssl: undefined,
  reqwest: undefined,
  ring: undefined,
  h2: [0, 4],
  hyper: [1, 0],
  rustls: [0, 23],
};

const cargo = (...args) => execFileSync('cargo', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
const problems = [];

/** Whether an SPDX expression leaves a choice that is allowed: `a OR (b AND c)`; a slash is an old way to write OR. */
function allowed(expression) {
  const words = expression.replaceAll('/', ' OR ').match(/[()]|[\w.+-]+(?: WITH [\w.-]+)?/g) ?? [];
  const either = () => {
    let fits = both();
    while (words[0] === 'OR') {
      words.shift();
      fits = both() || fits;
    }
    return fits;
  };
  const both = () => {
    let fits = one();
    while (words[0] === 'AND') {
      words.shift();
      fits = one() && fits;
    }
    return fits;
  };
  const one = () => {
    const word = words.shift();
    if (word !== '(') return LICENCES.includes(word);
    const inner = either();
    return words.shift() === ')' && inner;
  };
  return either() && words.length === 0;
}

function before(version, [major, minor]) {
  const [theirs, their] = version.split('.').map(Number);
  return theirs < major || (theirs === major && their < minor);
}

// Everything that any build of ours fetches.
const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8');
const checksums = new Map();
for (const [, name, version, source, checksum] of lock.matchAll(
  /\[\[package\]\]\nname = "(.+)"\nversion = "(.+)"\n(?:source = "(.+)"\n)?(?:checksum = "(.+)"\n)?/g,
)) {
  if (name === 'finding-advisor') continue;
  checksums.set(`${name} ${version}`, checksum);
  if (source !== CRATES_IO || !checksum)
    problems.push(`${name} ${version}: not from crates.io with a checksum, but ${source}`);
}
for (const [path, { resolved, integrity, inBundle }] of Object.entries(
  JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages,
)) {
  // What lies inside another package is hashed with it.
  if (path !== '' && !inBundle && (!integrity || resolved !== undefined)) {
    problems.push(`${path}: without a hash, or tied to one address: ${resolved}`);
  }
}

// What is linked into the handler: `cargo metadata` alone would also name what features leave out.
const metadata = JSON.parse(cargo('metadata', '--locked', '--format-version', '1', '--filter-platform', TARGET));
const packages = new Map(metadata.packages.map((one) => [`${one.name} ${one.version}`, one]));
const tree = cargo(
  'tree',
  '--locked',
  '--edges',
  'normal,no-proc-macro',
  '--target',
  TARGET,
  '--prefix',
  'none',
  '--format',
  '{p}',
);
const linked = [...new Set(tree.match(/^\S+ v\S+/gm))]
  .map((line) => packages.get(line.replace(' v', ' ')))
  .filter((one) => one.source !== null)
  .sort((one, other) => (one.name + one.version < other.name + other.version ? -1 : 1));
for (const { name, version, license } of linked) {
  if (!allowed(license ?? '')) problems.push(`${name} ${version}: the licence ${license} is not on our list`);
  if (name in BANNED && (!BANNED[name] || before(version, BANNED[name]))) {
    problems.push(`${name} ${version}: a second TLS or HTTP stack; find who brings it with \`cargo tree -i ${name}\``);
  }
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`supply chain: ${checksums.size} crates locked, ${linked.length} of them linked, nothing wrong`);

/** Licences' texts, each once, with the crates that came with it. */
function notices() {
  const texts = new Map();
  const bare = [];
  for (const { name, version, license, manifest_path, authors, repository } of linked) {
    const folder = dirname(manifest_path);
    const files = readdirSync(folder, { withFileTypes: true }).filter(
      (file) => file.isFile() && /^(?:licen[cs]e|copying|notice|unlicense)/i.test(file.name),
    );
    for (const file of files) {
      const text = readFileSync(join(folder, file.name), 'utf8').replaceAll('\r\n', '\n').trim();
      texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
    }
    if (files.length === 0)
      bare.push(`${name} ${version}, ${license}, by ${authors.join(', ') || 'its authors'}, ${repository}`);
  }
  const line = '-'.repeat(80);
  const parts = [...texts].map(([text, names]) => `${line}\n${[...new Set(names)].join(', ')}\n${line}\n\n${text}\n`);
  return `The handler of Finding Advisor (assets/bootstrap.zip) is linked with these packages, and with
Rust's standard library (MIT OR Apache-2.0).

${linked.map(({ name, version, license }) => `${name} ${version}: ${license}`).join('\n')}

These come without a text of their licence; the texts of licences of the same name stand below:

${bare.join('\n')}

${parts.join('\n')}`;
}

/** Without a time or a serial number: the same lock gives the same bytes. */
function billOfMaterials() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name, version, purl: `pkg:npm/${name}@${version}` } },
    components: linked.map((one) => ({
      type: 'library',
      name: one.name,
      version: one.version,
      purl: `pkg:cargo/${one.name}@${one.version}`,
      licenses: [{ expression: one.license.replace(/ ?\/ ?/g, ' OR ') }],
      hashes: [{ alg: 'SHA-256', content: checksums.get(`${one.name} ${one.version}`) }],
    })),
  };
}

if (!process.argv.includes('--check')) {
  const assets = join(root, 'assets');
  mkdirSync(assets, { recursive: true });
  writeFileSync(join(assets, 'THIRD-PARTY-NOTICES.txt'), notices());
  writeFileSync(join(assets, 'sbom.cdx.json'), `${JSON.stringify(billOfMaterials(), null, 2)}\n`);
}
