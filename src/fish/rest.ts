import type { IncomingHttpHeaders } from 'node:http';
import { FishError } from './errors.ts';
import { failedToConnect, refusedCall } from './refusal.ts';

// Calls Fish Audio's REST API: with our key, a deadline, a bound for the answer, and a `FishError` for each failure.
// `voices.ts` and `account.ts` ask their questions by it; speech goes by live sockets (`dial.ts`).

export interface RestOptions {
  /** The origin of Fish Audio. */
  readonly url: string;
  readonly apiKey: string;
  /** Called with the headers of each answer, also of one that refuses. */
  readonly onHeaders?: (headers: IncomingHttpHeaders) => void;
}

interface RestCall {
  readonly method?: string;
  readonly body?: FormData;
  /** How long the answer may take, in milliseconds; ten seconds if absent. */
  readonly ms?: number;
}

const ANSWER_MS = 10_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * Returns a function that calls Fish Audio's REST API. It resolves with the JSON of the answer, or with null where the
 * answer has no body; it rejects with a FishError or the signal's reason.
 */
export function fishRest({ url, apiKey, onHeaders }: RestOptions) {
  return async (
    path: string,
    signal: AbortSignal,
    { ms = ANSWER_MS, ...init }: RestCall = {},
  ): Promise<unknown> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
    const headers = { authorization: `Bearer ${apiKey}` };
    try {
      const response = await fetch(new URL(path, url), {
        ...init,
        headers,
        redirect: 'error',
        signal: limit,
      });
      const body = await bodyOf(response);
      const answered = Object.fromEntries(response.headers);
      onHeaders?.(answered);
      if (!response.ok) throw refusedCall({ status: response.status, headers: answered, body }, apiKey);
      return response.status === 204 || body === '' ? null : JSON.parse(body);
    } catch (error) {
      signal.throwIfAborted();
      throw toFishError(error);
    }
  };
}

async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) throw new FishError('protocol', 'Fish Audio answered without end');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/** Turns what `fetch` throws into a FishError. The reason is in its `cause`, of which only the code is kept. */
function toFishError(error: unknown): FishError {
  if (error instanceof FishError) return error;
  if (error instanceof DOMException) return new FishError('timeout', 'Fish Audio did not answer in time');
  if (error instanceof SyntaxError) return new FishError('protocol', 'Fish Audio did not answer in JSON');
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null;
  if (cause && 'code' in cause) return failedToConnect(cause);
  return new FishError('protocol', 'what answered at the address of Fish Audio does not speak its API');
}
