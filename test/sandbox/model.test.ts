import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type FakeModel, type ModelBehaviour, realisticModel, startModel } from './llm/model.ts';
import { tokensOf } from './llm/tokens.ts';

const TIMEOUT_MS = 30_000;
const HELLO = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'Hello, model!' },
];

interface Chunk {
  readonly choices?: {
    readonly delta: { content?: string; role?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Record<string, number> | null;
  readonly error?: { readonly message: string };
}

function ask(
  model: FakeModel,
  body: Record<string, unknown> = {},
  { key = model.apiKey, signal = AbortSignal.timeout(TIMEOUT_MS) } = {},
) {
  return fetch(`${model.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ model: model.model, messages: HELLO, stream: true, ...body }),
    signal,
  });
}

/** The data of each event, as the HTML standard reads them, but for `event`, `id` and `retry`. */
function eventsOf(text: string): string[] {
  const blocks = text
    .split(/\r?\n\r?\n/)
    .map(block => block.split(/\r?\n/).filter(line => line.startsWith('data:')));
  return blocks.flatMap(lines =>
    lines.length === 0 ? [] : [lines.map(line => line.slice(5).trim()).join('\n')],
  );
}

async function streamed(model: FakeModel, body: Record<string, unknown> = {}) {
  const response = await ask(model, body);
  const events = eventsOf(await response.text());
  const chunks = events.filter(event => event !== '[DONE]').map((event): Chunk => JSON.parse(event));
  const content = chunks.map(({ choices }) => choices?.[0]?.delta.content ?? '').join('');
  return { response, events, chunks, content };
}

test('it lists its one model to whoever has the key, which is no question', async () => {
  await using model = await startModel();
  const list = (authorization: string) => fetch(`${model.url}/models`, { headers: { authorization } });
  const response = await list(`Bearer ${model.apiKey}`);
  expect(await response.json()).toMatchObject({
    object: 'list',
    data: [{ id: model.model, object: 'model' }],
  });
  expect((await list('Bearer wrong')).status).toBe(401);
  model.behaviour.open = true;
  expect((await list('Bearer wrong')).status).toBe(200);
  expect(model.requests).toEqual([]);
});

test('an answer streams in tokens, in OpenAI’s form', async () => {
  await using model = await startModel();
  const { response, events, chunks, content } = await streamed(model, { max_tokens: 100 });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(content).toBe('You said: Hello, model!');
  expect(chunks[0]?.choices?.[0]).toMatchObject({
    index: 0,
    delta: { role: 'assistant' },
    finish_reason: null,
  });
  expect(chunks.at(-1)?.choices?.[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
  expect(chunks.every(chunk => !('usage' in chunk))).toBe(true);
  expect(events.at(-1)).toBe('[DONE]');
  await until('the end', () => model.openStreams === 0, TIMEOUT_MS);
  const [request] = model.requests;
  expect(request).toMatchObject({
    model: model.model,
    messages: HELLO,
    maxTokens: 100,
    stream: true,
    ended: 'done',
  });
  expect(request?.tokens.map(({ text }) => text).join('')).toBe(content);
});

test('usage comes last, when it is asked for', async () => {
  await using model = await startModel({ answer: 'One two.' });
  const { chunks } = await streamed(model, { stream_options: { include_usage: true } });
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  });
  expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
});

test('without `stream` it comes whole', async () => {
  await using model = await startModel({ answer: messages => `${messages.length} messages` });
  const response = await ask(model, { stream: false });
  expect(await response.json()).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant', content: '2 messages' }, finish_reason: 'stop' }],
    usage: { completion_tokens: 3 }, // "messages" is two
  });
});

test('max_tokens cuts it short', async () => {
  await using model = await startModel({ answer: 'one two three four' });
  const { chunks, content } = await streamed(model, { max_completion_tokens: 2 });
  expect(content).toBe('one two');
  expect(chunks.at(-1)?.choices?.[0]?.finish_reason).toBe('length');
});

test('tokens come at their pace: the first one late, the others one after another', async () => {
  await using model = await startModel({ ...realisticModel, answer: 'a b c d e f g h i j k' });
  await streamed(model);
  const [request] = model.requests;
  const first = (request?.tokens[0]?.at ?? 0) - (request?.at ?? 0);
  const all = (request?.tokens.at(-1)?.at ?? 0) - (request?.at ?? 0);
  expect(first).toBeGreaterThan(395);
  expect(all).toBeGreaterThan(895); // ten steps of 50 ms more
});

test.each([
  'Short.',
  ' a  b\n\nc ',
  'Incomprehensibilities!',
  '静かな海に、月が。',
  'Ça va ? 👩‍👩‍👧 oui',
  '',
])('the tokens of %j are the text again', text => {
  expect(tokensOf(text).join('')).toBe(text);
  expect(tokensOf(text).every(token => token !== '')).toBe(true);
});

test.each<[Record<string, unknown>, number, object]>([
  [{ model: 'gpt-9' }, 404, { code: 'model_not_found' }],
  [{ model: undefined }, 400, { message: 'you must provide a model parameter' }],
  [{ messages: undefined }, 400, { param: 'messages', code: 'missing_required_parameter' }],
  [{ messages: [] }, 400, { param: 'messages' }],
  [{ messages: [{ role: 'robot', content: 'x' }] }, 400, { param: 'messages[0].role' }],
  [{ messages: [{ role: 'user', content: 7 }] }, 400, { param: 'messages[0].content' }],
  [{ stream: 'yes' }, 400, { param: 'stream' }],
  [{ stream: false, stream_options: { include_usage: true } }, 400, { param: 'stream_options' }],
  [{ max_tokens: 0 }, 400, { param: 'max_tokens' }],
  [{ maxTokens: 5 }, 400, { message: 'Unrecognized request argument supplied: maxTokens' }],
])('%j is refused with %i', async (body, status, error) => {
  await using model = await startModel();
  const response = await ask(model, body);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', ...error } });
  expect(model.requests).toMatchObject([{ ended: 'refused', tokens: [] }]);
});

test('keys: a wrong one, none, and a server that asks for none', async () => {
  await using model = await startModel();
  const wrong = await ask(model, {}, { key: 'sk-wrong' });
  expect(wrong.status).toBe(401);
  expect(await wrong.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
  expect((await ask(model, {}, { key: '' })).status).toBe(401);
  model.behaviour.open = true;
  expect((await ask(model, {}, { key: '' })).status).toBe(200);
  const elsewhere = await fetch(`${model.url}/nowhere`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  expect(elsewhere.status).toBe(404);
  expect(await elsewhere.json()).toMatchObject({ error: { message: 'Invalid URL (GET /v1/nowhere)' } });
});

test('content in parts is one content, and a body that is no JSON is 400', async () => {
  await using model = await startModel();
  const parts = ['Hel', 'lo'].map(text => ({ type: 'text', text }));
  expect((await streamed(model, { messages: [{ role: 'user', content: parts }] })).content).toBe(
    'You said: Hello',
  );
  const headers = { authorization: `Bearer ${model.apiKey}` };
  const broken = await fetch(`${model.url}/chat/completions`, { method: 'POST', headers, body: '{' });
  expect(broken.status).toBe(400);
});

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

test.each<[Partial<ModelBehaviour>]>([
  [{ split: true }],
  [{ oddLines: true }],
  [{ split: true, oddLines: true }],
])('with %j the same answer is to be read', async behaviour => {
  await using model = await startModel({ ...behaviour, answer: 'Grüße aus 静かな海, 👋!' });
  const { content, events } = await streamed(model);
  expect(content).toBe('Grüße aus 静かな海, 👋!');
  expect(events.at(-1)).toBe('[DONE]');
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
