import { FishError } from '../fish/errors.ts';
import type { Voices } from '../fish/voices.ts';
import type { Logger } from '../log.ts';
import type { CloneStore } from '../store/store.ts';

// Deletes at Fish Audio the clones (voices of people's own recordings) that were deleted here, and goes on trying until
// they are gone, also after a restart. Whatever deletes a clone (its owner, `/privacy delete`, the end of a server)
// notes its id in the same transaction. `clones.ts` decides what is deleted.

/** Voices that could not be deleted are tried again after a pause, which doubles each time up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
/**
 * With nothing left to delete, the store is looked into again after this time: other processes, and the deletion of
 * guilds, add voices there too.
 */
const LOOK_EVERY_MS = 3_600_000;

export interface RemovalsOptions {
  readonly voices: Pick<Voices, 'delete'>;
  readonly store: { readonly clones: Pick<CloneStore, 'doomed' | 'deletedAtFish' | 'forget'> };
  readonly log: Logger;
}

/** One round of deletions follows another; each begins with what the store lists then. */
export class Removals implements AsyncDisposable {
  readonly #options: RemovalsOptions;
  readonly #life = new AbortController();
  /**
   * The voices to delete whose clones could not be saved, as far as is known, each with its guild: PostgreSQL may have
   * saved a clone, and then have been lost before it could say so. Null once the store certainly has no such clone.
   */
  readonly #unsaved = new Map<string, string | null>();
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(options: RemovalsOptions) {
    this.#options = options;
  }

  /** Deletes a voice whose clone could not be saved in its guild, and the clone too if it was saved after all. */
  add(voiceId: string, guildId: string): void {
    this.#unsaved.set(voiceId, guildId);
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
    const { store, log } = this.#options;
    let left = 0;
    try {
      for (const [voiceId, guildId] of this.#unsaved)
        if (!(await this.#deleteUnsaved(voiceId, guildId))) left += 1;
      for (const voiceId of await store.clones.doomed()) {
        if (await this.#deleteAtFish(voiceId)) await store.clones.deletedAtFish(voiceId);
        else left += 1;
      }
    } catch (error) {
      if (!this.#life.signal.aborted)
        log.warn({ err: error }, 'voices are still to be deleted at Fish Audio');
      return false;
    }
    if (left > 0) log.warn({ left }, 'Fish Audio refuses to delete voices');
    return left === 0;
  }

  /** Deletes a voice at Fish Audio also while the store does not work, and its clone also while Fish Audio does not. */
  async #deleteUnsaved(voiceId: string, guildId: string | null): Promise<boolean> {
    const { clones } = this.#options.store;
    const [atFish, here] = await Promise.allSettled([
      this.#deleteAtFish(voiceId),
      guildId === null ? undefined : clones.forget(guildId, voiceId),
    ]);
    if (here.status === 'rejected') throw here.reason;
    this.#unsaved.set(voiceId, null);
    if (atFish.status === 'rejected') throw atFish.reason;
    if (atFish.value) this.#unsaved.delete(voiceId);
    return atFish.value;
  }

  /** Resolves with false when Fish Audio refuses to delete this voice; others may be deleted all the same. */
  async #deleteAtFish(voiceId: string): Promise<boolean> {
    try {
      await this.#options.voices.delete(voiceId, this.#life.signal);
      return true;
    } catch (error) {
      if (!(error instanceof FishError) || error.retryable) throw error;
      return false;
    }
  }
}
