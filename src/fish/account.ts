import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import { dial } from './dial.ts';
import { FishError } from './errors.ts';
import { type FishHeaders, fishHeadersOf } from './headers.ts';
import type { FishModel } from './protocol.ts';
import { fishRest, type RestOptions } from './rest.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

// Asks Fish Audio about the operator's own account: its API credit, and whether a live socket can be opened with the
// key. `src/operator/fish-account.ts` makes a report of the answers. Voices are asked for in `voices.ts`.

/** What Fish Audio tells of the account that a key belongs to. */
export interface FishAccount extends FishHeaders {
  /** The API credit in US dollars; null where this server tells none, as one that is hosted at home may not. */
  readonly creditUsd: number | null;
}

/** The credit is a decimal number in a string (Fish Audio's OpenAPI document, "Get API Credit"). */
const wallet = z.object({ credit: z.coerce.number() });

/** Asks for the credit of the account; this costs nothing. Rejects with a FishError or the signal's reason. */
export async function askAccount(options: RestOptions, signal: AbortSignal): Promise<FishAccount> {
  let told: FishHeaders = {};
  const onHeaders = (headers: IncomingHttpHeaders) => {
    told = fishHeadersOf(headers);
    options.onHeaders?.(headers);
  };
  try {
    const answer = await fishRest({ ...options, onHeaders })('/wallet/self/api-credit', signal);
    const { success, data } = wallet.safeParse(answer);
    if (success) return { ...told, creditUsd: data.credit };
    throw new FishError('protocol', 'what answered at the address of Fish Audio does not speak its API', {
      retryable: false,
    });
  } catch (error) {
    if (error instanceof FishError && error.status === 404) return { ...told, creditUsd: null };
    throw error;
  }
}

export interface DoorOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly model: FishModel;
  readonly log: Logger;
}

/**
 * Opens a live socket, and closes it again without having said anything, which costs nothing. Resolves with what Fish
 * Audio told in the headers, and with how long it took. Rejects with a FishError or the signal's reason.
 */
export async function tryLiveSocket(
  options: DoorOptions,
  signal: AbortSignal,
): Promise<FishHeaders & { readonly ms: number }> {
  const from = performance.now();
  const socket = await dial({ ...options, timings: DEFAULT_TIMINGS }, signal);
  const ms = performance.now() - from;
  socket.close();
  await socket.closed;
  return { ...socket.headers, ms };
}
