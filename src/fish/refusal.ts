import type { IncomingHttpHeaders } from 'node:http';
import { answerOf } from './answer.ts';
import { FishError, type FishErrorKind } from './errors.ts';
import type { FishEvent } from './protocol.ts';

/** An upgrade answered with something else than 101. */
export interface Refusal {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** How a socket ended: the close code of RFC 6455 §7.4, or the failure that ended it. */
export interface SocketEnd {
  code: number;
  reason: string;
  failure: FishError | undefined;
}

const BY_STATUS = new Map<number, [FishErrorKind, string]>([
  [400, ['request', 'Fish Audio does not understand the request']],
  [401, ['unauthorized', 'Fish Audio does not accept the API key']],
  // Also with a good key: credit for the API is a wallet of its own, the text of Fish's answer misleads.
  [402, ['payment', 'the Fish Audio account has no API credit']],
  [403, ['forbidden', 'Fish Audio does not allow this to the API key']],
  [404, ['not-found', 'Fish Audio does not know this address, model or voice']],
  [408, ['timeout', 'Fish Audio waited too long for the request']],
  [422, ['request', 'Fish Audio does not accept the request']],
  [429, ['rate-limit', 'too many sessions at Fish Audio']],
]);

/** The error of a refused upgrade (https://docs.fish.audio/api-reference/errors). */
export function refusedUpgrade({ status, headers, body }: Refusal, apiKey: string): FishError {
  const other: [FishErrorKind, string] =
    status >= 500 ? ['server', 'Fish Audio is not well'] : ['rejected', 'Fish Audio did not open the socket'];
  const [kind, words] = BY_STATUS.get(status) ?? other;
  const { limit, remaining, code, traceId } = answerOf(headers);
  return new FishError(kind, `${words} (HTTP ${status})`, {
    retryable: kind === 'rate-limit' || kind === 'server' || kind === 'timeout',
    status,
    body: body.replaceAll(apiKey, '[key]'),
    phase: 'connect',
    maxConcurrency: maxConcurrencyOf(body) ?? limit,
    remaining,
    code,
    traceId,
    retryAfterMs: retryAfterMs(headers['retry-after']),
  });
}

/** No answer at all: DNS, TCP, TLS, or an upgrade that is none. Only the code is kept: messages may hold more. */
export function failedToConnect(error: Error): FishError {
  const code = codeOf(error);
  if (code === undefined) {
    return new FishError('protocol', 'what answered at the address of Fish Audio is no WebSocket', {
      phase: 'connect',
    });
  }
  return new FishError('network', `Fish Audio cannot be reached (${code})`, { phase: 'connect' });
}

/** An open socket that broke. Codes of `ws` begin with WS_ERR: what came was no WebSocket frame, or too big. */
export function brokenSocket(error: Error): FishError {
  const code = codeOf(error) ?? 'unknown';
  return code.startsWith('WS_ERR')
    ? new FishError('protocol', `Fish Audio sent a frame that cannot be read (${code})`)
    : new FishError('network', `the connection to Fish Audio broke (${code})`);
}

/** RFC 6455 §7.4: what was asked is against the peer's rules; and codes that a peer gives a meaning of its own. */
const POLICY_VIOLATION = 1008;
const FIRST_OWN_CODE = 4000;

/** The socket ended in the middle of a session, whatever the code says: only `finish` is an end. */
export function endedEarly(end: SocketEnd, said: string): FishError {
  if (end.failure) return end.failure;
  if (end.code === POLICY_VIOLATION || end.code >= FIRST_OWN_CODE) {
    return new FishError('rejected', `Fish Audio refused the session (close code ${end.code})`, {
      body: withoutEcho(end.reason, said),
      retryable: false,
      unknownVoice: UNKNOWN_VOICE.test(end.reason),
    });
  }
  return new FishError('closed', `Fish Audio closed the socket before it had finished (${end.code})`, {
    body: withoutEcho(end.reason, said),
  });
}

// Fish answers wrong requests in these words; asking again would bring the same.
const ASKED_WRONGLY =
  /invalid|not found|unknown variant|missing field|must be|unsupported|balance|forbidden|unauthorized/i;
/** What Fish says of a `reference_id` that it has no voice for, deleted ones too. */
const UNKNOWN_VOICE = /reference\b.*\bnot found|model not found/i;
const TOO_MANY = /concurren|rate.?limit|too many/i;
const NO_CREDIT = /insufficient (?:balance|credit|fund)|payment required|no credit/i;
const BAD_KEY = /invalid (?:api.?)?(?:key|token)|unauthori[sz]ed/i;

/** Fish gave up in band: `error`, or `finish` with a reason other than `stop`. `said`: the words sent so far. */
export function refusedInBand(event: FishEvent & { type: 'error' | 'finish' }, said: string): FishError {
  const told =
    (event.type === 'finish' ? (event.message ?? event.reason) : event.message) || 'no reason given';
  const maxConcurrency = event.type === 'error' ? event.maxConcurrency : undefined;
  const details = { body: withoutEcho(told, said), maxConcurrency };
  if (maxConcurrency !== undefined || TOO_MANY.test(told)) {
    return new FishError('rate-limit', 'too many sessions at Fish Audio', details);
  }
  if (NO_CREDIT.test(told))
    return new FishError('payment', 'the Fish Audio account has no API credit (told in band)', details);
  if (BAD_KEY.test(told))
    return new FishError('unauthorized', 'Fish Audio does not accept the API key (told in band)', details);
  const what = event.type === 'error' ? 'refused' : 'gave up';
  return new FishError('rejected', `Fish Audio ${what} in the middle of a session`, {
    ...details,
    retryable: !ASKED_WRONGLY.test(told),
    unknownVoice: UNKNOWN_VOICE.test(told),
  });
}

/** A `finish` is a good one after our `stop`, with audio, and with the reason `stop`: then undefined. */
export function finishedBadly(
  event: FishEvent & { type: 'finish' },
  session: { said: string; stopSent: boolean; audioBytes: number },
): FishError | undefined {
  if (event.reason !== 'stop') return refusedInBand(event, session.said);
  if (!session.stopSent) return new FishError('protocol', 'Fish Audio finished before it was asked to');
  if (session.audioBytes === 0) return new FishError('no-audio', 'Fish Audio finished without any audio');
  return undefined;
}

export function unreadable(frames: number): FishError {
  return new FishError('protocol', `Fish Audio sent ${frames} frames in a row that cannot be read`);
}

const ECHO_CHARS = 10;
const MAX_TOLD_CHARS = 1_000;

/**
 * Drops a text of Fish's that repeats what was said, so that it can be logged: any run of ten characters in
 * common, or all of a shorter text.
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
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function maxConcurrencyOf(body: string): number | undefined {
  const [, digits] = /"max_concurrency"\s*:\s*(\d{1,6})/.exec(body) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** `Retry-After`: seconds or a date (RFC 9110 §10.2.3). */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
