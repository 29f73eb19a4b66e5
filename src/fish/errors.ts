/**
 * What went wrong with Fish Audio, as the caller needs to know it:
 *
 * - `request`: refused here or by Fish (400, 422): the request itself is wrong
 * - `unauthorized` 401, `payment` 402, `forbidden` 403, `not-found` 404, `rate-limit` 429 or in band, `server` 5xx
 * - `network`: DNS, TCP or TLS; `timeout`: a deadline passed, see `phase`; `closed`: the socket ended without `finish`
 * - `protocol`: what came is not the protocol; `rejected`: Fish said `error`, or `finish` with a reason other than stop
 * - `no-audio`: Fish finished well and sent not one byte
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

/** Where in an utterance's life a deadline passed. All failures to connect carry `connect`. */
export type FishPhase = 'connect' | 'first-audio' | 'stall' | 'finish';

export interface FishErrorDetails {
  /** When not given, by kind: what can pass by itself may be tried again. */
  retryable?: boolean;
  /** HTTP status of the refused upgrade. */
  status?: number | undefined;
  /** What Fish answered, at most 500 characters. Never the key, never spoken text. */
  body?: string | undefined;
  phase?: FishPhase | undefined;
  /** The account's limit of sessions in flight, when Fish told it. */
  maxConcurrency?: number | undefined;
  /** How many more sessions there may be now, when Fish told it. */
  remaining?: number | undefined;
  /** Fish's own name of what went wrong. */
  code?: string | undefined;
  /** The id under which Fish's support finds it. */
  traceId?: string | undefined;
  /** From `Retry-After`, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** Fish does not know the voice that was asked for. */
  unknownVoice?: boolean;
  /** Fish was not asked: the failure is that of an outage that is not over. */
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

/** Every failure of this room. `retryable`: the same words may be tried again; whether and when is the caller's. */
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
  /** Of the socket's opening, where it went wrong later: set when that is known. */
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
