// Builds the handler for this machine, then sends findings through it and counts: `storm` is bench/storm.py, `burst` is
// bench/burst.py. Further arguments go to it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const [measure, ...rest] = process.argv.slice(2);
function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

run('cargo', 'build', '--all-targets', '--locked');
run(join('.venv', 'bin', 'python'), '-m', `bench.${measure}`, ...rest);
