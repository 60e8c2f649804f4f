// The stubs of Slack and Backlog read as the services do to the services' own clients: answers, refusals and waits alike.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChatPostMessageArguments, WebClient } from '@slack/web-api';
import { IncomingWebhook } from '@slack/webhook';
import { Backlog } from 'backlog-js';
import { Services } from './support/services';

const CASE = join(__dirname, '..', 'cases', 'guardduty-credentials-outside');
const CHANNEL = 'C0123456789';

let services: Services;

beforeAll(async () => {
  services = await Services.start();
});

afterAll(async () => {
  await services.stop();
});

/** The body of a request that the handler makes for the case. */
function body(channel: string, index: number): Record<string, unknown> {
  const requests = JSON.parse(readFileSync(join(CASE, `6-${channel}.ja.json`), 'utf8')) as {
    http: { body: Record<string, unknown> };
  }[];
  const request = requests[index];
  if (!request) throw new Error(`the case has no request ${index}`);
  return request.http.body;
}

describe('Slack', () => {
  const client = (token: string) =>
    new WebClient(token, {
      fetch: services.fetch,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    });
  const bot = () => client(services.secret('slack-bot'));

  test("its client posts the handler's own message, answers in its thread, and updates it", async () => {
    const message = { ...body('slack', 0), channel: CHANNEL } as unknown as ChatPostMessageArguments;
    const { ok, ts, channel } = await bot().chat.postMessage(message);
    expect([ok, channel]).toEqual([true, CHANNEL]);
    await bot().chat.postMessage({ channel: CHANNEL, text: 'an answer', thread_ts: String(ts) });
    await bot().chat.update({ channel: CHANNEL, text: 'closed', ts: String(ts) });
    expect((await services.kept('slack')).messages).toEqual([
      { ts, thread_ts: null, broadcast: false, text: 'closed', blocks: [] },
      expect.objectContaining({ thread_ts: ts, text: 'an answer' }),
    ]);
  });

  test.each([
    [
      'an unknown token',
      () => client('xoxb-unknown').chat.postMessage({ channel: CHANNEL, text: 'a' }),
      'invalid_auth',
    ],
    ['an unknown channel', () => bot().chat.postMessage({ channel: 'C9', text: 'a' }), 'channel_not_found'],
    [
      'an unknown thread',
      () => bot().chat.postMessage({ channel: CHANNEL, text: 'a', thread_ts: '1.2' }),
      'thread_not_found',
    ],
    [
      'a message that is gone',
      () => bot().chat.update({ channel: CHANNEL, text: 'a', ts: '1.2' }),
      'message_not_found',
    ],
    [
      'a header that is too long',
      () =>
        bot().chat.postMessage({
          channel: CHANNEL,
          text: 'a',
          blocks: [{ type: 'header', text: { type: 'plain_text', text: 'a'.repeat(151) } }],
        }),
      'invalid_blocks',
    ],
  ])('its client reads the refusal of %s in an answer of 200', async (_what, post, error) => {
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_platform_error', data: { ok: false, error } });
  });

  test('its client reads how long it is asked to wait', async () => {
    const ratelimited = { ok: false, error: 'ratelimited' };
    await services.refuse({ service: 'slack', status: 429, headers: { 'Retry-After': '7' }, body: ratelimited });
    await expect(bot().chat.postMessage({ channel: CHANNEL, text: 'a' })).rejects.toMatchObject({
      code: 'slack_webapi_rate_limited_error',
      retryAfter: 7,
    });
  });

  test("an incoming webhook's client reads `ok`, and a webhook that is gone", async () => {
    const hook = (url: string) => new IncomingWebhook(url, { fetch: services.fetch });
    const url = services.secret('slack-hook');
    await expect(hook(url).send({ text: 'a' })).resolves.toEqual({ text: 'ok' });
    await expect(hook(`${url}-gone`).send({ text: 'a' })).rejects.toThrow('404');
    await services.refuse({ service: 'hook', status: 410, body: 'channel_is_archived' });
    await expect(hook(url).send({ text: 'a' })).rejects.toThrow('410');
  });
});

describe('Backlog', () => {
  const client = (apiKey: string) => new Backlog({ host: 'example.backlog.com', apiKey, fetch: services.fetch });
  const robot = () => client(services.secret('backlog-key'));
  const issue = { projectId: 101, issueTypeId: 202, priorityId: 2 };

  test("its client makes the handler's own issue, finds it by its word, and changes it with a comment", async () => {
    const { summary, description } = body('backlog', 1) as { summary: string; description: string };
    const made = await robot().postIssue({ ...issue, summary, description });
    expect(made).toMatchObject({ issueKey: 'SEC-1', summary, description, status: { id: 1 } });
    const word = description.slice(description.lastIndexOf('finding-'));
    expect(await robot().getIssues({ projectId: [101], keyword: word, count: 1 })).toEqual([made]);
    const changed = await robot().patchIssue('SEC-1', { statusId: 3, priorityId: 4, comment: 'closed' });
    expect(changed).toMatchObject({ issueKey: 'SEC-1', status: { id: 3 }, priority: { id: 4 } });
    await robot().postIssueComments('SEC-1', { content: 'and so on' });
    expect((await services.kept('backlog')).issues).toEqual([
      expect.objectContaining({ comments: ['closed', 'and so on'] }),
    ]);
  });

  test.each([
    ['a wrong key', () => client('unknown').getIssues({ projectId: [101] }), 401, 11],
    ['an issue that is gone', () => robot().postIssueComments('SEC-99', { content: 'a' }), 404, 6],
    ['a summary that is too long', () => robot().postIssue({ ...issue, summary: 'a'.repeat(256) }), 400, 7],
  ])('its client reads the refusal of %s by its code', async (_what, call, status, code) => {
    await expect(call()).rejects.toMatchObject({ status, body: { errors: [{ code }] } });
  });
});
