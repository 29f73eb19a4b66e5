import { FishError } from '../fish/errors.ts';
import type { Voices } from '../fish/voices.ts';
import type { Logger } from '../log.ts';
import type { CloneStore } from '../store/store.ts';

// Deletes at Fish Audio the clones (voices of people's own recordings) that were deleted here, and goes on trying until
// they are gone, also after a restart: the store keeps their ids meanwhile. `clones.ts` decides what is deleted.

/** Voices that could not be deleted are tried again after a pause, which doubles each time up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
/**
 * With nothing left to delete, the store is looked into again after so long: other processes, and the deletion of
 * guilds, add voices there too.
 */
const LOOK_EVERY_MS = 3_600_000;

export interface RemovalsOptions {
  readonly voices: Pick<Voices, 'delete'>;
  readonly store: { readonly clones: Pick<CloneStore, 'doomed' | 'deletedAtFish'> };
  readonly log: Logger;
}

/** One round of deletions follows another; each begins with what the store lists then. */
export class Removals implements AsyncDisposable {
  readonly #options: RemovalsOptions;
  readonly #life = new AbortController();
  /** The ids of voices to delete that the store does not list, since their clones could not be saved. */
  readonly #unknown = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(options: RemovalsOptions) {
    this.#options = options;
  }

  /** Deletes a voice that the store does not know, since its clone could not be saved. */
  add(voiceId: string): void {
    this.#unknown.add(voiceId);
    void this.look();
  }

  /** Deletes all voices that are to be deleted; resolves with true when none is left. Never rejects. */
  look(): Promise<boolean> {
    const round = this.#last.then(() => this.#round());
    this.#last = round;
    return round;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    clearTimeout(this.#timer);
    await this.#last;
  }

  async #round(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#life.signal.aborted) return false;
    const done = await this.#deleteAll();
    if (this.#life.signal.aborted) return done;
    this.#timer = setTimeout(() => void this.look(), done ? LOOK_EVERY_MS : this.#pauseMs).unref();
    this.#pauseMs = done ? FIRST_PAUSE_MS : Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    return done;
  }

  async #deleteAll(): Promise<boolean> {
    const { voices, store, log } = this.#options;
    let left = 0;
    try {
      for (const voiceId of [...this.#unknown, ...(await store.clones.doomed())]) {
        try {
          await voices.delete(voiceId, this.#life.signal);
        } catch (error) {
          // If Fish Audio refuses to delete one voice, the others are deleted all the same.
          if (!(error instanceof FishError) || error.retryable) throw error;
          left += 1;
          continue;
        }
        if (!this.#unknown.delete(voiceId)) await store.clones.deletedAtFish(voiceId);
      }
    } catch (error) {
      if (!this.#life.signal.aborted)
        log.warn({ err: error }, 'voices are still to be deleted at Fish Audio');
      return false;
    }
    if (left > 0) log.warn({ left }, 'Fish Audio refuses to delete voices');
    return left === 0;
  }
}
