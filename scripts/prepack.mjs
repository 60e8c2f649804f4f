// Keeps a package without its handler from being packed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const missing = ['assets/bootstrap.zip', 'lib/index.js', '.jsii', 'API.md'].filter(
  (file) => !existsSync(join(import.meta.dirname, '..', file)),
);
if (missing.length > 0) {
  console.error(`pack: ${missing.join(', ')} missing: run \`npm run build\` first`);
  process.exit(1);
}
