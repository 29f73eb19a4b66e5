import type { FakeModel } from './llm/model.ts';

/** A client of the sandbox's language model made of `fetch` alone: it asks what a test wants asked. */

/** How long an answer, and what a test waits for, may take. */
export const TIMEOUT_MS = 30_000;
/** What is asked where nothing else is. */
export const HELLO = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'Hello, model!' },
];

/** A piece of an answer that streams. */
export interface Chunk {
  readonly choices?: {
    readonly delta: { content?: string; role?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Record<string, number> | null;
  readonly error?: { readonly message: string };
}

/** Asks for an answer that streams, unless `body` says otherwise. */
export function ask(
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
export function eventsOf(text: string): string[] {
  const blocks = text
    .split(/\r?\n\r?\n/)
    .map(block => block.split(/\r?\n/).filter(line => line.startsWith('data:')));
  return blocks.flatMap(lines =>
    lines.length === 0 ? [] : [lines.map(line => line.slice(5).trim()).join('\n')],
  );
}

/** Asks, and reads the answer to its end; `content` is all that it says. */
export async function streamed(model: FakeModel, body: Record<string, unknown> = {}) {
  const response = await ask(model, body);
  const events = eventsOf(await response.text());
  const chunks = events.filter(event => event !== '[DONE]').map((event): Chunk => JSON.parse(event));
  const content = chunks.map(({ choices }) => choices?.[0]?.delta.content ?? '').join('');
  return { response, events, chunks, content };
}
