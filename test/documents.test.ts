// The documents: every link leads somewhere, every command that they name exists, and the two languages say the same.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..');

/** API.md is made from the sources by jsii-docgen, with anchors of its own. */
const documents = ['.', 'docs', 'examples', 'local', 'bench']
  .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.md') && file !== 'API.md');
const translated = documents.filter((file) => file.endsWith('.ja.md'));
const english = (file: string) => file.replace(/\.ja\.md$/, '.md');

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Fenced blocks, each with its fence. */
const FENCED = /^```.*?^```$/gms;
const blocks = (text: string) => text.match(FENCED) ?? [];
const prose = (text: string) => text.replace(FENCED, '').replace(/<!--.*?-->/gs, '');

/** Links in prose, but not what a code span holds; `href`, `src` and `srcset` too. */
function links(text: string): string[] {
  const spoken = prose(text).replace(/(?<!\[)`[^`\n]+`(?!\])/g, '');
  return [...spoken.matchAll(/\]\(([^)\s]+)\)|(?:href|src|srcset)="([^"]+)"/g)].flatMap(
    ([, one, other]) => one ?? other ?? [],
  );
}

/** Headings with their level, as they stand. */
function headings(text: string): [string, string][] {
  return [...prose(text).matchAll(/^(#+) (.+)$/gm)].flatMap(([, level, title]) =>
    level && title ? [[level, title]] : [],
  );
}

/** The anchors that GitHub gives to headings. */
function anchors(text: string): string[] {
  const seen = new Map<string, number>();
  return headings(text).map(([, title]) => {
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${String(times)}`;
  });
}

test.each(documents)('each link of %s leads somewhere', (file) => {
  const broken = links(read(file)).filter((link) => {
    if (/^(https|mailto):/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : relative(ROOT, join(ROOT, dirname(file), path));
    if (target.startsWith('..') || !existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchors(read(target)).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test.each(documents)('each command that %s names exists', (file) => {
  const text = read(file);
  const code = [...blocks(text), ...(prose(text).match(/`[^`\n]+`/g) ?? [])].join('\n');
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
  const known: [RegExp, string[]][] = [
    [/\bnpm run ([\w:-]+)/g, scripts],
    [/(?<![\w/-])finding-advisor ([a-z]+)\b/g, anchors(read('docs/cli.md'))],
    [
      /cargo test [^\n`]*--test (\w+)/g,
      readdirSync(join(ROOT, 'handler/tests')).map((name) => name.replace('.rs', '')),
    ],
    [/\bnode (scripts\/[\w.-]+)/g, readdirSync(join(ROOT, 'scripts')).map((name) => `scripts/${name}`)],
  ];
  const unknown = known.flatMap(([named, names]) =>
    [...code.matchAll(named)].flatMap(([whole, name]) => (name && names.includes(name) ? [] : whole)),
  );
  expect(unknown).toEqual([]);
});

test('what is translated: the documents of whoever tries it, and of whoever is called at night', () => {
  expect(translated).toEqual(['README.ja.md', 'docs/getting-started.ja.md', 'docs/operations.ja.md']);
});

test.each(translated)('%s has the sections, links, tables and code of the English one', (file) => {
  const shape = (text: string) => ({
    sections: headings(text).map(([level]) => level),
    // A link leads to the same place, in the reader's language where there is one.
    links: links(text).map((link) => english(link.replace(/#.*/, ''))),
    rows: prose(text).match(/^\|/gm)?.length,
    items: prose(text).match(/^(?:-|\d+\.) /gm)?.length,
    // What a person runs, without what explains it.
    code: blocks(text).map((block) => block.replace(/\s*(?:#|\/\/) .*$/gm, '')),
  });
  expect(shape(read(file))).toEqual(shape(read(english(file))));
  expect(links(read(file))).toContain(relative(dirname(file), english(file)));
  expect(links(read(english(file)))).toContain(relative(dirname(file), file));
});

test('a README can be read at one sitting', () => {
  for (const file of ['README.md', 'README.ja.md']) expect(read(file).split('\n').length).toBeLessThanOrEqual(250);
});

test('every document of docs/ is in the README’s list', () => {
  const listed = links(read('README.md'));
  const missing = documents.filter(
    (file) => file.startsWith('docs/') && !file.endsWith('.ja.md') && !listed.includes(file),
  );
  expect(missing).toEqual([]);
});
