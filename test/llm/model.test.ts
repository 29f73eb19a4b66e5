import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { ModelError } from '../../src/llm/errors.ts';
import { type LanguageModel, openModel, type TokenUsage } from '../../src/llm/model.ts';
import { RecentTalks } from '../../src/llm/recent-talks.ts';
import { type FakeModel, startModel } from '../sandbox/llm/model.ts';
import type { ModelFault } from '../sandbox/llm/model-behaviour.ts';
import { until } from '../support/until.ts';

const QUESTION = [{ role: 'user', content: 'Why is the sea salty?' }] as const;

function open(server: FakeModel, options: Partial<Parameters<typeof openModel>[0]> = {}) {
  return openModel({
    baseUrl: server.url,
    apiKey: server.apiKey,
    model: server.model,
    systemPrompt: 'Be brief.',
    maxTokens: 50,
    ...options,
  });
}

/** The answer as far as it came, and what ended it. */
async function answered(model: LanguageModel, signal: AbortSignal = AbortSignal.timeout(30_000)) {
  let text = '';
  let usage: TokenUsage | undefined;
  const onUsage = (told: TokenUsage) => {
    usage = told;
  };
  try {
    for await (const delta of model.answer(QUESTION, { signal, onUsage })) text += delta;
    return { text, usage, error: null };
  } catch (error) {
    return { text, usage, error };
  }
}

test('an answer comes piece by piece; the system prompt goes first, and the tokens are counted', async () => {
  await using server = await startModel({ answer: 'Because of the rivers. They bring salt.', split: true });
  const { text, usage, error } = await answered(await open(server));
  expect(error).toBeNull();
  expect(text).toBe('Because of the rivers. They bring salt.');
  const [request] = server.requests;
  expect(request).toMatchObject({ stream: true, maxTokens: 50 });
  expect(request?.messages).toEqual([{ role: 'system', content: 'Be brief.' }, ...QUESTION]);
  expect(usage?.answered).toBe(request?.tokens.length);
});

test('what would hinder every question is noted until one is answered; what lies in one question alone is not', async () => {
  await using server = await startModel({ answer: 'Yes.' });
  const model = await open(server);
  const troubleAfter = async (fault: ModelFault | undefined) => {
    server.behaviour.fault = fault;
    await answered(model);
    return model.trouble;
  };
  expect(await troubleAfter({ kind: 'refuse', status: 401 })).toBe('unauthorized');
  expect(await troubleAfter({ kind: 'refuse', status: 404 })).toBe('not-found');
  expect(await troubleAfter({ kind: 'refuse', status: 400 })).toBeNull();
  expect(await troubleAfter({ kind: 'refuse', status: 401 })).toBe('unauthorized');
  expect(await troubleAfter(undefined)).toBeNull();
});

test.each(['', '/'])('a base URL %j at its end is the same; odd lines are read', async slash => {
  await using server = await startModel({ answer: 'Yes.', oddLines: true });
  expect(await answered(await open(server, { baseUrl: `${server.url}${slash}` }))).toMatchObject({
    text: 'Yes.',
  });
});

test('a server at home needs no key, and is sent none', async () => {
  await using server = await startModel({ answer: 'Yes.', open: true });
  const http = createServer((request, response) => {
    expect(request.headers.authorization).toBeUndefined();
    response.writeHead(401).end();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`;
  expect((await answered(await open(server, { apiKey: undefined }))).text).toBe('Yes.');
  expect((await answered(await open(server, { apiKey: undefined, baseUrl }))).error).toMatchObject({
    kind: 'unauthorized',
  });
  http.close();
});

test('an answer that grew too long ends with an ellipsis', async () => {
  await using server = await startModel({ answer: 'word '.repeat(80) });
  const { text, error } = await answered(await open(server, { maxTokens: 3 }));
  expect(error).toBeNull();
  expect(text).toBe('word word word…');
});

test('what a model thinks aloud before its answer is not its answer', async () => {
  await using server = await startModel({
    answer: '<think>They want salt. Hm.</think>\n\nRivers <b>bring</b> it.',
  });
  expect((await answered(await open(server))).text).toBe('Rivers <b>bring</b> it.');
  server.behaviour.answer = '<thing> is no thought.';
  expect((await answered(await open(server))).text).toBe('<thing> is no thought.');
  server.behaviour.answer = '<t';
  expect((await answered(await open(server))).text).toBe('<t');
});

const FAULTS: readonly [string, ModelFault, string, string][] = [
  ['no answer at all', { kind: 'hang' }, 'timeout', ''],
  ['a status and no token', { kind: 'hang', headers: true }, 'timeout', ''],
  ['silence in the middle', { kind: 'stall', afterTokens: 2 }, 'timeout', 'One two'],
  ['a connection that breaks', { kind: 'cut', afterTokens: 2 }, 'cut', 'One two'],
  ['a line that is no JSON', { kind: 'garbage', afterTokens: 2 }, 'cut', 'One two'],
  ['an error in the stream', { kind: 'error', afterTokens: 2 }, 'cut', 'One two'],
  ['an error at once', { kind: 'error', afterTokens: 0 }, 'busy', ''],
  ['401', { kind: 'refuse', status: 401 }, 'unauthorized', ''],
  ['403', { kind: 'refuse', status: 403 }, 'unauthorized', ''],
  ['404', { kind: 'refuse', status: 404 }, 'not-found', ''],
  ['400', { kind: 'refuse', status: 400 }, 'refused', ''],
  ['429', { kind: 'refuse', status: 429, headers: { 'retry-after-ms': '5' } }, 'busy', ''],
  ['429 with a long pause', { kind: 'refuse', status: 429, headers: { 'retry-after': '50' } }, 'busy', ''],
  ['402, no credit', { kind: 'refuse', status: 402 }, 'busy', ''],
  ['405', { kind: 'refuse', status: 405 }, 'not-found', ''],
  ['500', { kind: 'refuse', status: 500, headers: { 'retry-after-ms': '5' } }, 'busy', ''],
  ['a page of a proxy', { kind: 'refuse', status: 502, body: '<html>' }, 'busy', ''],
];

test.each(FAULTS)('%s: %o is %s, and what came stays', async (_name, fault, kind, text) => {
  await using server = await startModel({ answer: 'One two three four.', tokensPerSecond: 20, fault });
  const timings = { firstTokenMs: 2_000, stallMs: 2_000 };
  const outcome = await answered(await open(server, { timings }));
  expect(outcome.error).toBeInstanceOf(ModelError);
  expect(outcome).toMatchObject({ text, error: { kind } });
  expect(String((outcome.error as Error).stack)).not.toContain('salty');
  await until('the stream is closed', () => server.openStreams === 0);
});

test('a fault that passes by itself is not noticed, nor a stream that ends without its last line', async () => {
  await using server = await startModel({ answer: 'Yes.' });
  const model = await open(server);
  Object.assign(server.behaviour, { fault: { kind: 'refuse', status: 503 }, faultTimes: 1 });
  expect(await answered(model)).toMatchObject({ text: 'Yes.', error: null });
  Object.assign(server.behaviour, { fault: { kind: 'no-done' }, faultTimes: 1 });
  expect(await answered(model)).toMatchObject({ text: 'Yes.', error: null });
});

test('a server that is not there, one that has nothing to say, and a model nobody knows', async () => {
  const server = await startModel({ answer: '' });
  expect((await answered(await open(server))).error).toMatchObject({ kind: 'empty' });
  expect((await answered(await open(server, { model: 'gone' }))).error).toMatchObject({ kind: 'not-found' });
  await server[Symbol.asyncDispose]();
  expect((await answered(await open(server))).error).toMatchObject({ kind: 'unreachable' });
});

test('aborted at any point it ends with the signal’s reason, and the connection is closed', async () => {
  await using server = await startModel({ answer: 'word '.repeat(200), tokensPerSecond: 50 });
  const model = await open(server, { maxTokens: 400 });
  const stop = new AbortController();
  const running = answered(model, stop.signal);
  await until('a few tokens', () => (server.requests[0]?.tokens.length ?? 0) > 5);
  stop.abort(new Error('enough'));
  expect(await running).toMatchObject({ error: { message: 'enough' } });
  await until('the stream is closed', () => server.requests[0]?.ended === 'client-closed');
  expect(await answered(model, AbortSignal.abort(new Error('never')))).toMatchObject({
    text: '',
    error: { message: 'never' },
  });
  server.behaviour.fault = { kind: 'hang' };
  const hanging = answered(model, AbortSignal.timeout(200));
  expect((await hanging).error).toMatchObject({ name: 'TimeoutError' });
});

test('of a talk the last six exchanges are remembered, 4,000 characters at most, for ten minutes', () => {
  let now = 0;
  const memory = new RecentTalks(() => now);
  for (let index = 1; index <= 8; index += 1) memory.note('here', `q${index}`, `a${index}`);
  memory.note('there', 'q', 'a');
  expect(memory.recall('here').map(({ content }) => content)).toEqual(
    [3, 4, 5, 6, 7, 8].flatMap(index => [`q${index}`, `a${index}`]),
  );
  expect(memory.recall('there')).toEqual([
    { role: 'user', content: 'q' },
    { role: 'assistant', content: 'a' },
  ]);
  memory.note('here', 'long', 'x'.repeat(1_991));
  memory.note('here', 'longer', 'y'.repeat(9_000));
  expect(memory.recall('here').map(({ content }) => content.length)).toEqual([6, 2_000]);
  now = 9 * 60_000;
  memory.note('there', 'more', 'more');
  now = 10 * 60_000;
  expect(memory.recall('here')).toEqual([]);
  expect(memory.recall('there')).toHaveLength(4);
  now = 19 * 60_000;
  expect(memory.size).toBe(0);
});

test.each([
  ['its last line alone says that the answer is whole', ['data: [DONE]'], null],
  ['nothing says so', [], 'cut'],
] as const)(
  'a server that gives no reason for the end, and leaves out what it can: %s',
  async (_what, last, kind) => {
    const chunk = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}`;
    const lines = [
      chunk('One '),
      'data: {"usage":{"prompt_tokens":1,"completion_tokens":2}}',
      chunk('two.'),
      ...last,
    ];
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(lines.map(line => `${line}\n\n`).join(''));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const model = await openModel({
        baseUrl: `http://127.0.0.1:${port}/v1`,
        apiKey: undefined,
        model: 'any',
        systemPrompt: 'Be brief.',
        maxTokens: 10,
      });
      let text = '';
      const reading = (async () => {
        for await (const delta of model.answer([{ role: 'user', content: 'Count.' }], {
          signal: AbortSignal.timeout(5_000),
        }))
          text += delta;
      })();
      if (kind === null) await reading;
      else await expect(reading).rejects.toMatchObject({ kind });
      expect(text).toBe('One two.');
    } finally {
      server.close();
    }
  },
);
