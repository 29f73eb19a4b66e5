const MARKED_MS = 60 * 60_000;
/** One that only said nothing may have had a bad moment. */
const SILENT_MS = 10 * 60_000;
const MAX_MARKED = 10_000;

/** Why nothing is said in a voice: Fish does not know it any more, or never did, or it knows it and sends no sound. */
export type VoiceFailure = 'gone' | 'unknown' | 'silent';

/**
 * What voices turned out to be when something was to be said in them: those in which nothing can be, each for a while,
 * for it may be one that comes back; and those that have spoken.
 */
export class VoiceHealth {
  readonly #marked = new Map<string, { readonly loss: VoiceFailure; readonly until: number }>();
  /** The one that spoke last comes last. */
  readonly #spoken = new Set<string>();
  readonly #uptime: () => number;

  /** `uptime`: milliseconds of a clock that nobody sets. */
  constructor(uptime: () => number = () => performance.now()) {
    this.#uptime = uptime;
  }

  has(id: string): boolean {
    return this.lossOf(id) !== undefined;
  }

  /** Undefined: nothing is wrong with it, as far as is known. */
  lossOf(id: string): VoiceFailure | undefined {
    const mark = this.#marked.get(id);
    return mark && mark.until > this.#uptime() ? mark.loss : undefined;
  }

  /** Nothing can be said in it; `silent`: though Fish does not say that it is unknown. Returns why. */
  add(id: string, { silent = false } = {}): VoiceFailure {
    const now = this.#uptime();
    for (const [marked, { until }] of this.#marked) if (until <= now) this.#marked.delete(marked);
    const [oldest] = this.#marked.keys();
    if (this.#marked.size >= MAX_MARKED && oldest !== undefined) this.#marked.delete(oldest);
    const loss = silent ? 'silent' : this.#spoken.has(id) ? 'gone' : 'unknown';
    this.#marked.set(id, { loss, until: now + (silent ? SILENT_MS : MARKED_MS) });
    return loss;
  }

  hasSpoken(id: string): boolean {
    return this.#spoken.has(id);
  }

  spoke(id: string): void {
    this.#marked.delete(id);
    this.#spoken.delete(id);
    const [oldest] = this.#spoken;
    if (this.#spoken.size >= MAX_MARKED && oldest !== undefined) this.#spoken.delete(oldest);
    this.#spoken.add(id);
  }
}
