import type { IncomingHttpHeaders } from 'node:http';

// Reads what Fish Audio tells in the headers of its HTTP answers: the limit of sessions, how many are free, an error
// code, a trace id. `limit.ts` decides what follows from the numbers.

/** Such headers come when Fish opens a live socket, when it refuses to open one, and when it answers a REST call. */
export interface FishHeaders {
  /** How many sessions the account may have at once; all processes that use its key share this number. */
  readonly limit?: number;
  /** How many more sessions the account may begin now. */
  readonly remaining?: number;
  /** Fish's own name of what went wrong, such as `insufficient_balance` or `invalid_api_key`. */
  readonly code?: string;
  /** The id by which the support of Fish Audio finds this request. */
  readonly traceId?: string;
}

/**
 * Reads the headers of an answer. A header that is missing, or that cannot be understood, is left out of the result.
 */
export function fishHeadersOf(headers: IncomingHttpHeaders): FishHeaders {
  const limit = count(headers['ratelimit-limit-concurrency']);
  const remaining = count(headers['ratelimit-remaining-concurrency']);
  const code = name(headers['x-fish-error-code']);
  const traceId = name(headers['x-fish-trace-id']);
  return {
    ...(limit !== undefined && limit > 0 && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(code !== undefined && { code }),
    ...(traceId !== undefined && { traceId }),
  };
}

function count(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\s*\d{1,6}\s*$/.test(value) ? Number(value) : undefined;
}

/** Returns the header if it may be logged: it must be short, and have only letters, digits and `_ . : -`. */
function name(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
}
