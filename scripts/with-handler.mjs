// Builds the handler for this machine, then runs a Python module that sends findings through it.
//   node scripts/with-handler.mjs MODULE [ARGUMENT]…
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

run('cargo', 'build', '--all-targets', '--locked');
run(join('.venv', 'bin', 'python'), '-m', ...process.argv.slice(2));
