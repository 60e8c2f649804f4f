// What the channels send, held against the models that the services' makers publish: Slack's types and Atlassian's schema.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv-draft-04';
import * as ts from 'typescript';

const root = join(__dirname, '..');

interface HttpRequest {
  readonly url?: string;
  readonly body: Record<string, unknown> | null;
}

/** The bodies of a channel's golden requests, by file. */
function bodies(channel: RegExp): [string, Record<string, unknown>][] {
  const cases = join(root, 'cases');
  return readdirSync(cases).flatMap((folder) =>
    readdirSync(join(cases, folder))
      .filter((file) => channel.test(file))
      .flatMap((file) => {
        const requests = JSON.parse(readFileSync(join(cases, folder, file), 'utf8')) as { http: HttpRequest }[];
        return requests.flatMap(({ http }): [string, Record<string, unknown>][] =>
          http.body ? [[`${folder}/${file}`, http.body]] : [],
        );
      }),
  );
}

/** What the compiler says of these values as arguments of Slack's own types. */
function complaints(messages: readonly unknown[]): string[] {
  const path = join(root, 'test', 'slack-messages.virtual.ts');
  const lines = messages.map((blocks) => `takes(${JSON.stringify(blocks)});`);
  const text = [
    "import type { HeaderBlock, RichTextBlock } from '@slack/types';",
    'declare function takes(blocks: (HeaderBlock | RichTextBlock)[]): void;',
    ...lines,
  ].join('\n');
  const options: ts.CompilerOptions = { strict: true, noEmit: true, types: [], module: ts.ModuleKind.Node16 };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => file === path || disk.fileExists(file),
    readFile: (file) => (file === path ? text : disk.readFile(file)),
    getSourceFile: (file, version) =>
      file === path ? ts.createSourceFile(file, text, version) : disk.getSourceFile(file, version),
  };
  const program = ts.createProgram([path], options, host);
  const found = [...program.getOptionsDiagnostics(), ...ts.getPreEmitDiagnostics(program)];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test("Slack's own types take every block that we send, and refuse one with an invented field", () => {
  const messages = bodies(/^6-slack(Webhook)?\.(ja|en)\.json$/);
  expect(messages.length).toBeGreaterThan(15);
  const broken = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', txt: 'x' }] }],
  };
  expect(complaints([[broken]])).toHaveLength(1);
  expect(complaints(messages.map(([, body]) => body.blocks))).toEqual([]);
});

test("Atlassian's schema takes every document that we send, and refuses an empty text", () => {
  const schema = readFileSync(require.resolve('@atlaskit/adf-schema/json-schema/v1/full.json'), 'utf8');
  const valid = new Ajv({ strict: false }).compile(JSON.parse(schema) as object);
  const documents = bodies(/^6-jira\.(ja|en)\.json$/).flatMap(([file, body]): [string, unknown][] => {
    const fields = body.fields as Record<string, unknown> | undefined;
    const document = body.body ?? (Array.isArray(fields) ? undefined : fields?.description);
    return document === undefined ? [] : [[file, document]];
  });
  expect(documents.length).toBeGreaterThan(5);
  const empty = { type: 'paragraph', content: [{ type: 'text', text: '' }] };
  expect(valid({ type: 'doc', version: 1, content: [empty] })).toBe(false);
  for (const [file, document] of documents) {
    expect([file, valid(document), valid.errors]).toEqual([file, true, null]);
  }
});
