// `FishError`, the one error for all that can fail with Fish Audio, with its kinds and with what Fish told about it.
// `refusal.ts` makes most of them from Fish's answers; `trouble.ts` has what people are told.

/**
 * The kinds of failure with Fish Audio:
 *
 * - `request`: the request itself is wrong; this bot or Fish (HTTP 400, 422) has refused it
 * - `unauthorized`: HTTP 401; `payment`: 402; `forbidden`: 403; `not-found`: 404; `server`: 5xx
 * - `rate-limit`: too many sessions at once (HTTP 429, or told in an open session)
 * - `network`: DNS, TCP or TLS failed
 * - `timeout`: a deadline has passed; `phase` says which
 * - `closed`: the socket ended without `finish`
 * - `protocol`: what came does not follow Fish's protocol
 * - `rejected`: Fish sent `error`, or `finish` with another reason than `stop`, or a close code that refuses
 * - `no-audio`: Fish finished well, and sent no audio
 */
export type FishErrorKind =
  | 'request'
  | 'unauthorized'
  | 'payment'
  | 'forbidden'
  | 'not-found'
  | 'rate-limit'
  | 'server'
  | 'network'
  | 'timeout'
  | 'protocol'
  | 'rejected'
  | 'no-audio'
  | 'closed';

/** In which part of an utterance a deadline has passed. All failures to open a socket have the phase `connect`. */
export type FishPhase = 'connect' | 'first-audio' | 'stall' | 'finish';

export interface FishErrorDetails {
  /** Whether the same may be tried again. If this is absent the kind decides: kinds that can pass by themselves may. */
  retryable?: boolean;
  /** The HTTP status with which Fish refused. */
  status?: number | undefined;
  /** What Fish answered, cut to 500 characters. It must hold neither the key nor spoken text. */
  body?: string | undefined;
  phase?: FishPhase | undefined;
  /** How many sessions the account may have at once, where Fish has told it. */
  maxConcurrency?: number | undefined;
  /** How many more sessions the account may begin now, where Fish has told it. */
  remaining?: number | undefined;
  /** Fish's own name of what went wrong. */
  code?: string | undefined;
  /** The id by which the support of Fish Audio finds the request. */
  traceId?: string | undefined;
  /** From `Retry-After`, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** Fish does not know the voice that was asked for. */
  unknownVoice?: boolean;
  /** Fish was not asked this time, because there is an outage; the error repeats the failure of that outage. */
  notAsked?: boolean;
}

const MAX_BODY_CHARS = 500;

const PASSES_BY_ITSELF: ReadonlySet<FishErrorKind> = new Set([
  'rate-limit',
  'server',
  'network',
  'timeout',
  'protocol',
  'closed',
  'no-audio',
]);

/** If an error is `retryable` the same words may be sent again; the caller decides when. */
export class FishError extends Error {
  override readonly name = 'FishError';
  readonly kind: FishErrorKind;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly body: string | undefined;
  readonly phase: FishPhase | undefined;
  readonly maxConcurrency: number | undefined;
  readonly remaining: number | undefined;
  readonly code: string | undefined;
  /** This can be set later: a failure in an open session gets the id that Fish told when it opened the socket. */
  traceId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly unknownVoice: boolean;
  readonly notAsked: boolean;

  constructor(kind: FishErrorKind, message: string, details: FishErrorDetails = {}) {
    super(message);
    this.kind = kind;
    this.retryable = details.retryable ?? PASSES_BY_ITSELF.has(kind);
    this.status = details.status;
    this.body = details.body?.slice(0, MAX_BODY_CHARS);
    this.phase = details.phase;
    this.maxConcurrency = details.maxConcurrency;
    this.remaining = details.remaining;
    this.code = details.code;
    this.traceId = details.traceId;
    this.retryAfterMs = details.retryAfterMs;
    this.unknownVoice = details.unknownVoice ?? false;
    this.notAsked = details.notAsked ?? false;
  }
}
