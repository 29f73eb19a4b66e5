/**
 * What went wrong with the language model, as people need to know it:
 *
 * - `unreachable`: DNS, TCP or TLS; `unauthorized` 401, 403; `not-found` 404: the address or the model's name is wrong
 * - `busy` 429 or 5xx; `refused`: it will not have this question (other 4xx, or its filter struck)
 * - `cut`: it broke off in the middle; `timeout`: it was silent for too long; `empty`: it ended without a word
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

/** Every failure of the language model. Carries no word of a question or an answer. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly kind: ModelErrorKind;
  /** Of HTTP, where there was one. */
  readonly status: number | undefined;

  constructor(kind: ModelErrorKind, status?: number) {
    super(status === undefined ? kind : `${kind} (${status})`);
    this.kind = kind;
    this.status = status;
  }
}

/** By the HTTP status of a refusal. */
export function kindOfStatus(status: number): ModelErrorKind {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not-found';
  if (status === 408 || status === 429 || status >= 500) return 'busy';
  return 'refused';
}
