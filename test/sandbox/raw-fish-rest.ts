import type { FakeFish } from './fish/fish.ts';

/** A client of the REST interface of the sandbox's Fish Audio made of `fetch` alone: it sends what a test wants sent. */

const TIMEOUT_MS = 30_000;

type Init = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };

/** One call, with the account's key unless `headers` have another; `json` is null where the answer is none. */
export async function callFish(fish: FakeFish, path: string, init: Init = {}) {
  const headers = { authorization: `Bearer ${fish.apiKey}`, ...init.headers };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(fish.url + path, { signal, ...init, headers });
  const text = await response.text();
  const type = response.headers.get('content-type');
  return { status: response.status, type, text, json: type === 'application/json' ? JSON.parse(text) : null };
}

/** The titles of the voices that a search finds, in their order. */
export async function titles(fish: FakeFish, query: string): Promise<string[]> {
  const { json } = await callFish(fish, `/model?page_size=100&${query}`);
  return json.items.map(({ title }: { title: string }) => title);
}
