// Where the package carries the built handler. A file of its own, so that tests can do without the zip.
import * as path from 'path';

/** The zip that `npm run build` makes. */
export const PACKAGED_HANDLER = path.join(__dirname, '..', 'assets', 'bootstrap.zip');
