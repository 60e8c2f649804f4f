// Keeps a package without its handler, or without what that is made of, from being packed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const missing = [
  'assets/bootstrap.zip',
  'assets/THIRD-PARTY-NOTICES.txt',
  'assets/sbom.cdx.json',
  'lib/index.js',
  '.jsii',
  'API.md',
].filter((file) => !existsSync(join(import.meta.dirname, '..', file)));
if (missing.length > 0) {
  console.error(`pack: ${missing.join(', ')} missing: run \`npm run build\` first`);
  process.exit(1);
}
