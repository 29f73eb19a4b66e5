import type { IncomingHttpHeaders } from 'node:http';
import { errorCode } from '../errors.ts';
import { FishError, type FishErrorKind, type FishPhase } from './errors.ts';
import { fishHeadersOf } from './headers.ts';
import type { FishEvent } from './protocol.ts';

// Makes the `FishError` for each way in which Fish Audio refuses or breaks off: an HTTP status, a close code, an
// `error` event, a bad `finish`. How Fish's own texts are understood, and what of them may be logged, is decided here.

/** An HTTP answer that refuses: for a live socket, anything but status 101. */
export interface HttpRefusal {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** How a socket ended. */
export interface SocketEnd {
  /** The close code of RFC 6455 §7.4. */
  code: number;
  reason: string;
  /** The failure that ended the socket on our side; undefined where Fish closed it. */
  failure: FishError | undefined;
}

const BY_STATUS = new Map<number, [FishErrorKind, string]>([
  [400, ['request', 'Fish Audio does not understand the request']],
  [401, ['unauthorized', 'Fish Audio does not accept the API key']],
  // Fish's own text blames the key, but the key is good: credit for the API is bought apart from Fish's subscriptions.
  [402, ['payment', 'the Fish Audio account has no API credit']],
  [403, ['forbidden', 'Fish Audio does not allow this to the API key']],
  [404, ['not-found', 'Fish Audio does not know this address, model or voice']],
  [408, ['timeout', 'Fish Audio waited too long for the request']],
  [422, ['request', 'Fish Audio does not accept the request']],
  [429, ['rate-limit', 'too many sessions at Fish Audio']],
]);

/** The error for an HTTP answer by which a live socket is refused (https://docs.fish.audio/api-reference/errors). */
export function refusedUpgrade(refusal: HttpRefusal, apiKey: string): FishError {
  return refused(refusal, apiKey, 'connect');
}

/** The error for an HTTP answer of the REST API that refuses. */
export function refusedCall(refusal: HttpRefusal, apiKey: string): FishError {
  return refused(refusal, apiKey);
}

function refused({ status, headers, body }: HttpRefusal, apiKey: string, phase?: FishPhase): FishError {
  const other: [FishErrorKind, string] =
    status >= 500 ? ['server', 'Fish Audio is not well'] : ['rejected', 'Fish Audio did not open the socket'];
  const [kind, words] = BY_STATUS.get(status) ?? other;
  const { limit, remaining, code, traceId } = fishHeadersOf(headers);
  return new FishError(kind, `${words} (HTTP ${status})`, {
    retryable: kind === 'rate-limit' || kind === 'server' || kind === 'timeout',
    status,
    body: body.replaceAll(apiKey, '[key]'),
    phase,
    maxConcurrency: maxConcurrencyOf(body) ?? limit,
    remaining,
    code,
    traceId,
    retryAfterMs: retryAfterMs(headers['retry-after']),
  });
}

/**
 * The error for a connection that could not be made: DNS, TCP or TLS failed, or what answered is no WebSocket. Of the
 * original error only the code is kept, because its message may hold secrets.
 */
export function failedToConnect(error: Error): FishError {
  const code = codeOf(error);
  if (code === undefined) {
    return new FishError('protocol', 'what answered at the address of Fish Audio is no WebSocket', {
      phase: 'connect',
    });
  }
  return new FishError('network', `Fish Audio cannot be reached (${code})`, { phase: 'connect' });
}

/**
 * The error for an open socket that broke. A code with WS_ERR means that `ws` could not read a frame, or it was too
 * big.
 */
export function brokenSocket(error: Error): FishError {
  const code = codeOf(error) ?? 'unknown';
  return code.startsWith('WS_ERR')
    ? new FishError('protocol', `Fish Audio sent a frame that cannot be read (${code})`)
    : new FishError('network', `the connection to Fish Audio broke (${code})`);
}

/**
 * The close code for what is against the rules of the other side, whichever these are (RFC 6455 §7.4). Fish's documents
 * do not say what it means by it: a wrong request, too many of them, a second session on one socket, or a proxy.
 */
const POLICY_VIOLATION = 1008;
/** From this close code on, each service may give the codes a meaning of its own (RFC 6455 §7.4). */
const FIRST_OWN_CODE = 4000;

/** The error for a socket that ended before `finish`, whatever its close code. `said` is the words sent so far. */
export function endedEarly(end: SocketEnd, said: string): FishError {
  if (end.failure) return end.failure;
  if (end.code === POLICY_VIOLATION || end.code >= FIRST_OWN_CODE)
    return refusedInWords(end.reason, said, `Fish Audio refused the session (close code ${end.code})`);
  return new FishError('closed', `Fish Audio closed the socket before it had finished (${end.code})`, {
    body: withoutEcho(end.reason, said),
  });
}

/** Words with which Fish refuses wrong requests; asking again would bring the same answer. */
const ASKED_WRONGLY =
  /invalid|not found|unknown variant|missing field|must be|unsupported|balance|forbidden|unauthorized/i;
/** What Fish says where it has no voice for the `reference_id`, also where that voice was deleted. */
const UNKNOWN_VOICE = /reference\b.*\bnot found|model not found/i;
const TOO_MANY = /concurren|rate.?limit|too many/i;
const NO_CREDIT = /insufficient (?:balance|credit|fund)|payment required|no credit/i;
const BAD_KEY = /invalid (?:api.?)?(?:key|token)|unauthori[sz]ed/i;

/**
 * The error for a session that Fish gave up with an event: with `error`, or with `finish` and another reason than
 * `stop`. `said` is the words sent so far.
 */
export function refusedInBand(event: FishEvent & { type: 'error' | 'finish' }, said: string): FishError {
  const told = event.type === 'finish' ? (event.message ?? event.reason) : event.message;
  const maxConcurrency = event.type === 'error' ? event.maxConcurrency : undefined;
  const what = event.type === 'error' ? 'refused' : 'gave up';
  return refusedInWords(told, said, `Fish Audio ${what} in the middle of a session`, maxConcurrency);
}

/**
 * The error for a session that Fish has given up, by what it has `told` about that. `message` is that of the error where
 * this says nothing else; then the same may go well another time, unless Fish calls it wrong.
 */
function refusedInWords(told: string, said: string, message: string, maxConcurrency?: number): FishError {
  const details = { body: withoutEcho(told || 'no reason given', said), maxConcurrency };
  if (maxConcurrency !== undefined || TOO_MANY.test(told)) {
    return new FishError('rate-limit', 'too many sessions at Fish Audio', details);
  }
  if (NO_CREDIT.test(told))
    return new FishError('payment', 'the Fish Audio account has no API credit (told in band)', details);
  if (BAD_KEY.test(told))
    return new FishError('unauthorized', 'Fish Audio does not accept the API key (told in band)', details);
  return new FishError('rejected', message, {
    ...details,
    retryable: !ASKED_WRONGLY.test(told),
    unknownVoice: UNKNOWN_VOICE.test(told),
  });
}

/**
 * The error for a bad `finish`. It returns undefined for a good one: with the reason `stop`, after our `stop`, and with
 * sound before it.
 */
export function finishedBadly(
  event: FishEvent & { type: 'finish' },
  session: { said: string; stopSent: boolean; sounded: boolean },
): FishError | undefined {
  if (event.reason !== 'stop') return refusedInBand(event, session.said);
  if (!session.stopSent) return new FishError('protocol', 'Fish Audio finished before it was asked to');
  if (!session.sounded) return new FishError('no-audio', 'Fish Audio finished without any audio');
  return undefined;
}

export function unreadable(frames: number): FishError {
  return new FishError('protocol', `Fish Audio sent ${frames} frames in a row that cannot be read`);
}

const ECHO_CHARS = 10;
const MAX_TOLD_CHARS = 1_000;

/**
 * Returns a text of Fish that may be logged. If it repeats ten characters of what was said, or the whole of a shorter
 * text, a note is returned in its place.
 */
export function withoutEcho(told: string, said: string): string {
  const fold = (text: string) => text.replace(/\s+/g, ' ').trim().toLowerCase();
  const [answer, words] = [fold(told.slice(0, MAX_TOLD_CHARS)), fold(said)];
  const run = Math.min(ECHO_CHARS, words.length);
  const starts = run > 0 ? answer.length - run + 1 : 0;
  const repeats = Array.from({ length: Math.max(0, starts) }, (_, at) => answer.slice(at, at + run));
  return repeats.some(part => words.includes(part)) ? '[withheld: repeats the text]' : told;
}

function codeOf(error: Error): string | undefined {
  const code = errorCode(error);
  return typeof code === 'string' ? code : undefined;
}

function maxConcurrencyOf(body: string): number | undefined {
  const [, digits] = /"max_concurrency"\s*:\s*(\d{1,6})/.exec(body) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Reads the header `Retry-After`, which holds seconds or a date (RFC 9110 §10.2.3), and returns milliseconds. */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
