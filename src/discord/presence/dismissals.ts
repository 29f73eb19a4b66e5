import type { Logger } from '../../log.ts';
import type { Stay } from '../../store/kept/kept-facts.ts';
import type { Store } from '../../store/store.ts';
import { later } from '../../walls.ts';

// Remembers from which guilds somebody has sent the bot away, with `/leave` or by disconnecting it: it is no longer
// wanted there, and does not come by itself for a minute. An outage of Discord looks the same for half a second.

/** After somebody sent the bot away, it does not come by itself for this long. */
const REST_MS = 60_000;

/**
 * When Discord has an outage of a guild, the bot first seems to be disconnected by a moderator. The news that it is an
 * outage arrives within this time.
 */
const OUTAGE_TOLD_MS = 500;

export interface DismissalsOptions {
  readonly store: Pick<Store, 'saved' | 'stays'>;
  readonly log: Logger;
}

export class Dismissals {
  readonly #options: DismissalsOptions;
  /** When somebody sent the bot away, by guild id; the time is `performance.now()`. */
  readonly #sentAway = new Map<string, number>();
  /**
   * The disconnections that are either a moderator's or an outage, which is not known yet, by guild id. When the timer
   * ends, it was a moderator.
   */
  readonly #kicks = new Map<string, { readonly stay: Stay; readonly timer: NodeJS.Timeout }>();

  constructor(options: DismissalsOptions) {
    this.#options = options;
  }

  /**
   * Whether somebody has sent the bot away since a time (by `performance.now()`), which is a minute ago by default and
   * at the earliest.
   */
  since(guildId: string, time = performance.now() - REST_MS): boolean {
    const rested = performance.now() - REST_MS;
    for (const [id, at] of this.#sentAway) if (at < rested) this.#sentAway.delete(id);
    return (this.#sentAway.get(guildId) ?? Number.NEGATIVE_INFINITY) >= time;
  }

  /**
   * Call this when somebody sent the bot away: it is no longer wanted there, and does not come by itself for a
   * minute. Resolves when the store has saved that; never rejects.
   */
  async sentAway(guildId: string): Promise<void> {
    const { store } = this.#options;
    this.#sentAway.set(guildId, performance.now());
    store.stays.forget(guildId);
    await store.saved(guildId);
  }

  /**
   * Call this when somebody seems to have disconnected the bot from `stay`. It counts as sent away, and `tell` is
   * called if Discord does not say meanwhile that it was an outage.
   */
  kicked(stay: Stay, tell: () => void): void {
    const { guildId } = stay;
    void this.sentAway(guildId);
    const timer = later(this.#options.log, 'a kick told', OUTAGE_TOLD_MS, () => {
      this.#kicks.delete(guildId);
      tell();
    });
    this.#kicks.set(guildId, { stay, timer });
  }

  /**
   * Call this when Discord says that a guild has an outage. If the bot was disconnected there just before, nobody
   * has sent it away, so it stays wanted.
   */
  outage(guildId: string): void {
    const kick = this.#kicks.get(guildId);
    if (!kick) return;
    clearTimeout(kick.timer);
    this.#kicks.delete(guildId);
    this.#sentAway.delete(guildId);
    this.#options.store.stays.remember(kick.stay);
  }
}
