// Remembers in which voices of Fish Audio nothing could be said lately, and which have spoken, so that such voices are
// not tried again and again. `src/speech/voice-trials.ts` then takes another voice for a line.

/** How long a voice that Fish Audio does not know is not tried again. */
const MARKED_MS = 60 * 60_000;
/** How long a voice that only gave no sound is not tried again; that may have been by chance. */
const SILENT_MS = 10 * 60_000;
/** The most voices that are remembered, of each kind. */
const MAX_MARKED = 10_000;

/**
 * Why nothing can be said in a voice: Fish Audio knew it once and does not any more (`gone`), has never known it as far
 * as this process has seen (`unknown`), or knows it and sends no sound (`silent`).
 */
export type VoiceFailure = 'gone' | 'unknown' | 'silent';

/** Each failure is remembered only for a while, because a voice may come back. */
export class VoiceHealth {
  readonly #marked = new Map<string, { readonly failure: VoiceFailure; readonly until: number }>();
  /** The voices that have spoken; the one that spoke last is the last one. */
  readonly #spoken = new Set<string>();
  readonly #uptime: () => number;

  /** `uptime` gives the milliseconds of a clock that nobody can set. */
  constructor(uptime: () => number = () => performance.now()) {
    this.#uptime = uptime;
  }

  /** Whether nothing can be said in this voice now. */
  isUnusable(id: string): boolean {
    return this.failureOf(id) !== undefined;
  }

  /** Why nothing can be said in this voice; undefined when nothing wrong is known of it. */
  failureOf(id: string): VoiceFailure | undefined {
    const mark = this.#marked.get(id);
    return mark && mark.until > this.#uptime() ? mark.failure : undefined;
  }

  /**
   * Notes that nothing could be said in a voice, and returns why. With `silent`, Fish Audio did not say that it does
   * not know the voice, but sent no sound.
   */
  failed(id: string, { silent = false } = {}): VoiceFailure {
    const now = this.#uptime();
    for (const [marked, { until }] of this.#marked) if (until <= now) this.#marked.delete(marked);
    const [oldest] = this.#marked.keys();
    if (this.#marked.size >= MAX_MARKED && oldest !== undefined) this.#marked.delete(oldest);
    const failure = silent ? 'silent' : this.#spoken.has(id) ? 'gone' : 'unknown';
    this.#marked.set(id, { failure, until: now + (silent ? SILENT_MS : MARKED_MS) });
    return failure;
  }

  /** Whether something was said in this voice before. */
  hasSpoken(id: string): boolean {
    return this.#spoken.has(id);
  }

  /** Notes that something was said in this voice. */
  spoke(id: string): void {
    this.#marked.delete(id);
    this.#spoken.delete(id);
    const [oldest] = this.#spoken;
    if (this.#spoken.size >= MAX_MARKED && oldest !== undefined) this.#spoken.delete(oldest);
    this.#spoken.add(id);
  }
}
