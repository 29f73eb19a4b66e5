import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { type LanguageModel, openModel } from '../../src/llm/model.ts';
import { createLog } from '../../src/log.ts';
import { checkModelAtStart } from '../../src/operator/language-model.ts';
import { startModel } from '../sandbox/llm/model.ts';

const NOWHERE = 'http://127.0.0.1:9/v1';

/** What the check notes in the model, and the messages that it logs. `model` is at the same server if it is absent. */
async function checked(
  config: { baseUrl: string; apiKey: string | undefined; model: string },
  {
    signal = new AbortController().signal,
    model: given,
  }: { signal?: AbortSignal; model?: LanguageModel } = {},
) {
  const all = { ...config, systemPrompt: '', maxTokens: 1 };
  const model = given ?? (await openModel(all));
  const lines: string[] = [];
  const log = createLog('info', [], { write: line => lines.push(line) });
  await checkModelAtStart(all, { model, log, signal });
  return { trouble: model.trouble, told: lines.map(line => (JSON.parse(line) as { msg: string }).msg) };
}

test('at the start: a language model that answers is no news, and none is asked a question', async () => {
  await using server = await startModel();
  const { url: baseUrl, apiKey, model } = server;
  expect(await checked({ baseUrl, apiKey, model })).toEqual({ trouble: null, told: [] });
  server.behaviour.open = true;
  expect(await checked({ baseUrl, apiKey: undefined, model })).toEqual({ trouble: null, told: [] });
  // Not every server has a list.
  expect(await checked({ baseUrl: `${baseUrl}/x`, apiKey, model })).toEqual({ trouble: null, told: [] });
  expect(server.requests.filter(({ messages }) => messages.length > 0)).toEqual([]);
});

test.each([
  ['cannot be reached', 'unreachable', { baseUrl: NOWHERE }, 'check LLM_BASE_URL'],
  ['refuses the key', 'unauthorized', { apiKey: 'canary-key' }, 'check LLM_API_KEY'],
  ['gets no key', 'unauthorized', { apiKey: undefined }, 'check LLM_API_KEY'],
  ['has no such model', 'not-found', { model: 'other' }, 'set LLM_MODEL to one that it has: sandbox-1'],
])(
  'at the start: that its server %s is one warning, with what to do',
  async (_what, trouble, wrong, remedy) => {
    await using server = await startModel();
    const found = await checked({
      baseUrl: server.url,
      apiKey: server.apiKey,
      model: server.model,
      ...wrong,
    });
    expect(found.trouble).toBe(trouble);
    expect(found.told).toHaveLength(1);
    expect(found.told[0]).toMatch(/^\/ask will not work: .*\. What to do: /);
    expect(found.told[0]).toContain(remedy);
    expect(found.told[0]).not.toContain('canary');
  },
);

/** A server that answers nothing; `asked` is called when it is asked, with what cuts the connection. */
async function silentServer(asked: (cut: () => void) => void) {
  const server = createServer((_request, response) => asked(() => response.destroy()));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    [Symbol.dispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

test('at the start: whoever stops the bot while the server is still being asked reads nothing of it', async () => {
  const stop = new AbortController();
  using silent = await silentServer(() => stop.abort());
  const config = { baseUrl: silent.baseUrl, apiKey: undefined, model: 'm' };
  expect(await checked(config, { signal: stop.signal })).toEqual({ trouble: null, told: [] });
});

test('at the start: a question that is answered while the list does not come is believed more', async () => {
  await using server = await startModel();
  const { url: baseUrl, apiKey, model: name } = server;
  const model = await openModel({ baseUrl, apiKey, model: name, systemPrompt: '', maxTokens: 9 });
  const answer = async () => {
    const messages = [{ role: 'user', content: 'Why?' }] as const;
    for await (const _ of model.answer(messages, { signal: AbortSignal.timeout(30_000) }));
  };
  using silent = await silentServer(cut => void answer().then(cut));
  const config = { baseUrl: silent.baseUrl, apiKey, model: name };
  expect(await checked(config, { model })).toEqual({ trouble: null, told: [] });
});

test('at the start: a web page in place of the list of models is one warning, with what to do', async () => {
  const page = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<html>'),
  );
  await once(page.listen(0, '127.0.0.1'), 'listening');
  const { port } = page.address() as AddressInfo;
  const found = await checked({ baseUrl: `http://127.0.0.1:${port}`, apiKey: undefined, model: 'any' });
  page.close();
  expect(found).toEqual({ trouble: 'not-found', told: [expect.stringContaining('check LLM_BASE_URL')] });
});
