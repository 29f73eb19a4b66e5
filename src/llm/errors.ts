// The ways in which asking the language model (for `/ask`) can fail. What people are told of each is in
// `src/discord/ask/`.

/**
 * What went wrong with the language model, told apart as far as people need it:
 *
 * - `unreachable`: its server cannot be reached (DNS, TCP or TLS)
 * - `unauthorized`: it refuses the key (HTTP 401, 403)
 * - `not-found`: the address or the model's name is wrong (404, 405, or a page for people)
 * - `busy`: it cannot answer now (402, which is no credit, 408, 429, 5xx)
 * - `refused`: it does not take this question (other 4xx, or its content filter)
 * - `cut`: the answer broke off in its middle
 * - `timeout`: it was silent for too long
 * - `empty`: the answer ended without a word
 */
export type ModelErrorKind =
  | 'unreachable'
  | 'unauthorized'
  | 'not-found'
  | 'busy'
  | 'refused'
  | 'cut'
  | 'timeout'
  | 'empty';

/** A trouble of the model itself, which the next question will have too. */
export type ModelTrouble = Exclude<ModelErrorKind, 'refused' | 'cut' | 'empty'>;

/** The trouble behind a failure; null where the failure lies in that question or answer alone. */
export function lastingTrouble(kind: ModelErrorKind): ModelTrouble | null {
  return kind === 'refused' || kind === 'cut' || kind === 'empty' ? null : kind;
}

/** A failure of the language model. It holds no word of a question or an answer. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly kind: ModelErrorKind;
  /** The HTTP status, if there was one. */
  readonly status: number | undefined;

  constructor(kind: ModelErrorKind, status?: number) {
    super(status === undefined ? kind : `${kind} (${status})`);
    this.kind = kind;
    this.status = status;
  }
}

/** The kind of error that an HTTP status stands for. */
export function kindOfStatus(status: number): ModelErrorKind {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404 || status === 405) return 'not-found';
  if (status === 402 || status === 408 || status === 429 || status >= 500) return 'busy';
  return 'refused';
}
