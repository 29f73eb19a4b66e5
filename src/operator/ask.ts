import { errorCode } from '../errors.ts';

// Sends the HTTP requests by which the checks for the operator (`npm run doctor`, setup, start of the bot) find out
// whether a server answers. Change here how long they wait, and the words for why nobody answered.

/** What came of one HTTP request: an answer of any status (`answered`), or none, and why (`silent`). */
export type Asked =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The body, parsed; undefined if it is not JSON. */
      readonly json: unknown;
      /** By how many milliseconds the other side's clock is ahead of ours; null where it tells no time. */
      readonly aheadMs: number | null;
    }
  | { readonly kind: 'silent'; readonly why: string };

/** A server that has not answered after this time counts as silent. */
const ANSWER_MS = 10_000;

/** Sends a GET request. If `signal` aborts, it rejects with the signal's reason; it never rejects otherwise. */
export async function askServer(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Asked> {
  try {
    const response = await fetch(url, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const aheadMs = aheadOf(response.headers.get('date'));
    return { kind: 'answered', status: response.status, json: jsonOf(await response.text()), aheadMs };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'silent', why: whySilent(error) };
  }
}

/** The JSON object in an answer with status 200; an empty object if there is no such answer. */
export function recordOf(asked: Asked): Readonly<Record<string, unknown>> {
  const json = asked.kind === 'answered' && asked.status === 200 ? asked.json : null;
  return typeof json === 'object' && json !== null ? { ...json } : {};
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // it may be the HTML page of a proxy
  }
}

/**
 * By how many milliseconds a `Date` header is ahead of our clock. It has whole seconds, so half of one is added.
 * Null if there is no such header.
 */
export function aheadOf(date: string | null | undefined, now = Date.now()): number | null {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? null : time + 500 - now;
}

/** Words for the codes of Node that tell why nobody answered. */
const WHY: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'its name cannot be found'],
  [/^ECONNREFUSED$/, 'nobody listens there'],
  [/^(ECONNRESET|UND_ERR_SOCKET|EPIPE)$/, 'the connection was cut'],
  [/^(ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/, 'there is no way there from this machine'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'there is no answer'],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, "its certificate is not valid at the time of this machine's clock"],
  [/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL/, 'its certificate is not trusted'],
];

/** Why `fetch` got no answer: words, and Node's code in brackets. The error's own message is not used. */
export function whySilent(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return `there is no answer within ${ANSWER_MS / 1_000} s`;
  const code = codeOf(error) ?? '';
  const words = WHY.find(([pattern]) => pattern.test(code))?.[1] ?? 'it cannot be asked';
  return code === '' ? words : `${words} (${code})`;
}

/** The code of an error, or of what caused it. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = errorCode(error);
  return typeof code === 'string' ? code : codeOf(error.cause);
}
