// Writes the templates of the examples, and those of their stack sets, for a linter: a file each, into the folder that is named.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EXAMPLES, templatesOf } from './examples-app';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('expected the folder to write to');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, app] of Object.entries(EXAMPLES)) {
  for (const [stack, template] of Object.entries(templatesOf(app))) {
    writeFileSync(join(folder, `${name}-${stack}.template.json`), JSON.stringify(template));
  }
}
