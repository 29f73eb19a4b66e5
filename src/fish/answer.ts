import type { IncomingHttpHeaders } from 'node:http';

/** What Fish tells in the headers of every HTTP answer: of an upgrade, a refused one, or a REST call. */
export interface Answer {
  /** The account's limit of sessions at once, over all processes with its key. */
  readonly limit?: number;
  /** How many more of them there may be now. */
  readonly remaining?: number;
  /** What went wrong, as a name: `insufficient_balance`, `invalid_api_key` … */
  readonly code?: string;
  /** The id under which Fish's support finds the call. */
  readonly traceId?: string;
}

/** Reads the headers; what is missing there, or is not what it should be, is missing here. */
export function answerOf(headers: IncomingHttpHeaders): Answer {
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

/** A name or an id, which may stand in a log: short, and of characters that mean nothing there. */
function name(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
}
