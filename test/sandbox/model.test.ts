import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type ModelBehaviour, realisticModel, startModel } from './llm/model.ts';
import { tokensOf } from './llm/tokens.ts';
import { ask, HELLO, streamed, TIMEOUT_MS } from './raw-model-client.ts';

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
