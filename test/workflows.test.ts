// The workflows of GitHub Actions: what they run is fixed, and no job may do more than it must.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '..', '.github', 'workflows');
const WORKFLOWS = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);

/** The jobs of a workflow, each as its text. */
const jobs = (text: string) => (text.split(/^jobs:$/m)[1] ?? '').split(/^ {2}(?=[a-z]+:$)/m).slice(1);

test.each(WORKFLOWS)('%s names each action by its commit, with the release that it is', (_, text) => {
  const used = text.match(/uses: .*/g) ?? [];
  expect(used.length).toBeGreaterThan(0);
  for (const one of used) expect(one).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test.each(WORKFLOWS)('%s may at most read, unless a job says more', (_, text) => {
  expect(text).toMatch(/^permissions:(?: \{\}|\n {2}contents: read)$/m);
  expect(text).not.toMatch(/pull_request_target|write-all|secrets\./);
});

test.each(WORKFLOWS)('%s has jobs that end, and what may publish runs no code of a checkout', (_, text) => {
  expect(jobs(text).length).toBeGreaterThan(0);
  for (const job of jobs(text)) {
    expect(job).toContain('timeout-minutes:');
    if (job.includes(': write')) expect(job).not.toMatch(/actions\/checkout|\.ci\/run|npm ci|npm (?:run|test)/);
  }
});

test.each(WORKFLOWS)('%s leaves no token of the checkout behind for what it runs', (_, text) => {
  const checkouts = text.match(/actions\/checkout@.*\n.*\n.*/g) ?? [];
  for (const one of checkouts) expect(one).toContain('persist-credentials: false');
});
