// Builds assets/bootstrap.zip: the handler for Lambda's arm64, one file, the same bytes from the same source.
//   node scripts/build-handler.mjs [TARGET_FOLDER]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';

const root = join(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(root, 'target'));

/** `target-cpu=native` of this machine would be an illegal instruction on another one. */
function refuseNative() {
  const flags = Object.keys(process.env).filter(
    (name) => /(?:RUST|C|CXX)FLAGS/.test(name) && /\b(?:target-cpu|march|mcpu|mtune)=native/.test(process.env[name]),
  );
  const configs = [];
  for (let folder = root; ; folder = dirname(folder)) {
    configs.push(join(folder, '.cargo', 'config.toml'));
    if (folder === dirname(folder)) break;
  }
  configs.push(join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'config.toml'));
  const native = configs.filter(
    (file) => existsSync(file) && /\b(?:target-cpu|march|mcpu|mtune)=native/.test(readFileSync(file, 'utf8')),
  );
  if (flags.length + native.length > 0) {
    console.error(`build: "native" in ${[...flags, ...native].join(', ')} would not run on Lambda; take it out first`);
    process.exit(1);
  }
}

/** One deflated file, without times of its own and with the mode that Lambda needs. */
function zip(name, content) {
  const packed = deflateRawSync(content, { level: 9 });
  const file = Buffer.from(name);
  const crc = crc32(content);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0); // version that can read it
  common.writeUInt16LE(0, 2);
  common.writeUInt16LE(8, 4); // deflate
  common.writeUInt16LE(0, 6); // 00:00:00
  common.writeUInt16LE(0x21, 8); // 1980-01-01, the first day a zip knows
  common.writeUInt32LE(crc, 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, file, packed]);
  const central = Buffer.alloc(46);
  central.write('PK\x01\x02', 0, 'latin1');
  central.writeUInt16LE((3 << 8) | 20, 4); // made on Unix
  common.copy(central, 6);
  central.writeUInt32LE((0o100755 << 16) >>> 0, 38);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + file.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, file, end]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return ~crc >>> 0;
}

refuseNative();
const tools = join(root, '.venv-build', 'bin');
const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
// Panic messages name their source files: without this the binary would tell, and depend on, where it was built.
const flags = [`--remap-path-prefix=${cargoHome}=/cargo`, `--remap-path-prefix=${root}=/src`];
const { status } = spawnSync(
  join(tools, 'cargo-lambda'),
  ['lambda', 'build', '--release', '--arm64', '--locked', '--package', 'finding-advisor', '--bin', 'bootstrap'],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PATH: `${tools}${delimiter}${process.env.PATH}`,
      CARGO_TARGET_DIR: target,
      CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f'),
    },
  },
);
if (status !== 0) {
  console.error('build: cargo-lambda failed (`node scripts/setup.mjs build` installs it); nothing was zipped');
  process.exit(1);
}
const binary = ['bootstrap/bootstrap', 'bootstrap']
  .map((path) => join(target, 'lambda', path))
  .find((path) => existsSync(path) && statSync(path).isFile());
const content = readFileSync(binary);
const packed = zip('bootstrap', content);
mkdirSync(join(root, 'assets'), { recursive: true });
writeFileSync(join(root, 'assets', 'bootstrap.zip'), packed);
const sha256 = createHash('sha256').update(packed).digest('hex');
console.log(`assets/bootstrap.zip: ${packed.length} bytes, bootstrap ${content.length} bytes, sha256 ${sha256}`);
