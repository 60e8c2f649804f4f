// Builds the handler for this machine, then plays the demo with it. Arguments go to the demo.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

console.log('building the handler for this machine (some minutes the first time) …');
run('cargo', 'build', '--all-targets', '--locked');
run(join('.venv', 'bin', 'python'), '-m', 'local.demo', ...process.argv.slice(2));
