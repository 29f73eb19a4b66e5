import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openModel } from '../../src/llm/model.ts';

// Answers with status 200 that are no stream of texts, as servers, proxies and networks send them.

/** Asks a server that answers so, and resolves with the text and the kind of the failure. */
async function answerOf(respond: (response: ServerResponse) => void, patienceMs = 30_000) {
  const server = createServer((_request, response) => respond(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const model = await openModel({
    baseUrl: `http://127.0.0.1:${port}/v1`,
    apiKey: 'some-key',
    model: 'some-model',
    systemPrompt: 'Be brief.',
    maxTokens: 50,
    timings: { firstTokenMs: patienceMs, stallMs: patienceMs, wholeMs: 2 * patienceMs },
  });
  const from = performance.now();
  let text = '';
  let kind: unknown = null;
  try {
    const signal = AbortSignal.timeout(4 * patienceMs);
    for await (const delta of model.answer([{ role: 'user', content: 'Why?' }], { signal })) text += delta;
  } catch (error) {
    kind = Reflect.get(error as Error, 'kind');
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return { text, kind, trouble: model.trouble, ms: performance.now() - from };
}

const json = (value: object) => (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const stream = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
const events = (values: readonly object[]) => (response: ServerResponse) =>
  stream(response).end(
    [...values.map(each => JSON.stringify(each)), '[DONE]'].map(line => `data: ${line}\n\n`).join(''),
  );

test('a page for people is no answer: the address is wrong', async () => {
  const page = await answerOf(response =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Log in</html>'),
  );
  expect(page).toMatchObject({ text: '', kind: 'not-found', trouble: 'not-found' });
});

test('a server that does not stream is understood, and one that tells an error with status 200', async () => {
  const message = { role: 'assistant', content: '<think>Hm.</think> Rivers bring it.' };
  expect(await answerOf(json({ choices: [{ message, finish_reason: 'stop' }] }))).toMatchObject({
    text: 'Rivers bring it.',
    kind: null,
  });
  expect((await answerOf(json({ choices: [{ message, finish_reason: 'length' }] }))).text).toBe(
    'Rivers bring it.…',
  );
  expect(await answerOf(json({ error: { message: 'No credit' } }))).toMatchObject({
    kind: 'busy',
    trouble: 'busy',
  });
  expect((await answerOf(json({ choices: [] }))).kind).toBe('empty');
});

test('of a text in parts only the words are the answer', async () => {
  const parts = (...content: unknown[]) => ({ choices: [{ delta: { content } }] });
  const answer = await answerOf(
    events([
      parts({ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }),
      parts({ type: 'text', text: 'Rivers ' }, { type: 'text', text: 'bring' }),
      { choices: [{ delta: { content: ' it.' }, finish_reason: 'stop' }] },
    ]),
  );
  expect(answer).toMatchObject({ text: 'Rivers bring it.', kind: null });
});

test.each([
  [
    'tokens',
    `data: ${JSON.stringify({ choices: [{ delta: { content: 'word '.repeat(10_000) } }] })}\n\n`,
    'cut',
  ],
  ['one line', 'x'.repeat(65_536), 'busy'],
])(
  'an answer of %s without end is ended, long before its time is over',
  async (_name, more, kind) => {
    let sent = 0;
    const answer = await answerOf(response => {
      stream(response);
      const pour = () => {
        while (!response.destroyed && response.write(more)) sent += more.length;
      };
      response.on('drain', pour);
      pour();
    }, 60_000);
    expect(answer.kind).toBe(kind);
    expect(sent).toBeLessThan(200 * 1024 * 1024);
  },
  120_000,
);
