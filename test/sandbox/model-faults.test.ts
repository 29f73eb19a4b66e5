import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { startModel } from './llm/model.ts';
import { ask, type Chunk, eventsOf, streamed, TIMEOUT_MS } from './raw-model-client.ts';

test.each([
  [429, 'rate_limit_exceeded'],
  [500, null],
  [503, null],
])('refused with %i, as often as told', async (status, code) => {
  const fault = { kind: 'refuse', status, headers: { 'retry-after': '2' } } as const;
  await using model = await startModel({ fault, faultTimes: 1 });
  const response = await ask(model);
  expect(response.status).toBe(status);
  expect(response.headers.get('retry-after')).toBe('2');
  expect(await response.json()).toMatchObject({ error: { message: expect.any(String), code } });
  expect((await ask(model)).status).toBe(200);
});

test('refused in words that are no JSON', async () => {
  await using model = await startModel({ fault: { kind: 'refuse', status: 502, body: '<html>Bad Gateway' } });
  const response = await ask(model);
  expect(response.status).toBe(502);
  expect(response.headers.get('content-type')).toBe('text/plain');
  expect(await response.text()).toBe('<html>Bad Gateway');
});

test('hang: no answer at all, or no token', async () => {
  await using model = await startModel({ fault: { kind: 'hang' } });
  const signal = AbortSignal.timeout(200);
  await expect(ask(model, {}, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  model.behaviour.fault = { kind: 'hang', headers: true };
  const response = await ask(model, {}, { signal: AbortSignal.timeout(300) });
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toMatchObject({ name: 'TimeoutError' });
  await until('both are seen to leave', () => model.openStreams === 0, TIMEOUT_MS);
  expect(model.requests).toMatchObject([{ ended: 'client-closed' }, { ended: 'client-closed' }]);
});

test('stall: three tokens, and nothing more until the client leaves', async () => {
  await using model = await startModel({ fault: { kind: 'stall', afterTokens: 3 } });
  const leaving = new AbortController();
  const response = await ask(model, {}, { signal: leaving.signal });
  await until('three tokens', () => model.requests[0]?.tokens.length === 3, TIMEOUT_MS);
  leaving.abort();
  await expect(response.text()).rejects.toThrow();
  await until('it is seen', () => model.requests[0]?.endedAt !== undefined, TIMEOUT_MS);
  expect(model.requests[0]).toMatchObject({ ended: 'client-closed', tokens: { length: 3 } });
});

test('a client that leaves midway is seen at once, and nothing more is written', async () => {
  await using model = await startModel({ answer: 'word '.repeat(500), tokensPerSecond: 100 });
  const leaving = new AbortController();
  const response = await ask(model, {}, { signal: leaving.signal });
  await until('some tokens', () => (model.requests[0]?.tokens.length ?? 0) > 2, TIMEOUT_MS);
  leaving.abort();
  await expect(response.text()).rejects.toThrow();
  await until('it is seen', () => model.openStreams === 0, TIMEOUT_MS);
  expect(model.requests[0]?.ended).toBe('client-closed');
  expect(model.requests[0]?.tokens.length).toBeLessThan(400);
});

test('cut: the connection ends in the middle', async () => {
  await using model = await startModel({ fault: { kind: 'cut', afterTokens: 2 } });
  const response = await ask(model);
  await expect(response.text()).rejects.toThrow();
  expect(model.requests[0]).toMatchObject({ ended: 'cut', tokens: { length: 2 } });
});

test('garbage: one line is no JSON, the others are all there', async () => {
  await using model = await startModel({
    answer: 'one two three',
    fault: { kind: 'garbage', afterTokens: 1 },
  });
  const events = eventsOf(await (await ask(model)).text());
  const good = events.filter(event => event.endsWith('}'));
  expect(events).toHaveLength(good.length + 2); // and `[DONE]`
  const chunks = good.map((event): Chunk => JSON.parse(event));
  expect(chunks.map(({ choices }) => choices?.[0]?.delta.content ?? '').join('')).toBe('one two three');
});

test('garbage and an error where there is no stream', async () => {
  await using model = await startModel({ fault: { kind: 'garbage', afterTokens: 1 } });
  await expect((await ask(model, { stream: false })).json()).rejects.toThrow(SyntaxError);
  model.behaviour.fault = { kind: 'error', afterTokens: 1 };
  expect((await ask(model, { stream: false })).status).toBe(500);
});

test('an error in the stream ends it, and a stream may end without [DONE]', async () => {
  await using model = await startModel({ fault: { kind: 'error', afterTokens: 1, message: 'no more' } });
  const failed = await streamed(model);
  expect(failed.chunks.at(-1)).toMatchObject({ error: { message: 'no more' } });
  expect(failed.events).not.toContain('[DONE]');
  model.behaviour.fault = { kind: 'no-done' };
  const ended = await streamed(model);
  expect(ended.chunks.at(-1)?.choices?.[0]?.finish_reason).toBe('stop');
  expect(ended.events).not.toContain('[DONE]');
});

test('it ends while answers are on their way', async () => {
  const model = await startModel({ fault: { kind: 'hang' } });
  const hanging = expect(ask(model)).rejects.toThrow();
  await until('the request', () => model.requests.length === 1, TIMEOUT_MS);
  await model[Symbol.asyncDispose]();
  await hanging;
});
