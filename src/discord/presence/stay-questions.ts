import { setTimeout as sleep } from 'node:timers/promises';
import type { Guild } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Stay } from '../../store/kept/kept-facts.ts';
import type { Store } from '../../store/store.ts';

// Asks the database in which voice channels the bot is wanted, again and again while it does not answer. `returns.ts`
// then brings the bot there.

/**
 * While the database does not say where the bot is wanted, it is asked again after pauses that double up to the
 * longest.
 */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

export interface StayQuestionsOptions {
  readonly stays: Pick<Store['stays'], 'of'>;
  /** Called with where the bot is wanted in a guild, or with null when it is wanted nowhere there. Never throws. */
  readonly onAnswer: (guild: Guild, stay: Stay | null) => void;
  /** Aborted when the process ends; after that nothing is asked. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

export class StayQuestions {
  readonly #options: StayQuestionsOptions;
  /** The guilds for which the database must still answer, by guild id. */
  readonly #asked = new Map<string, Guild>();
  /** Whether `#untilAnswered` is running. */
  #asking = false;

  constructor(options: StayQuestionsOptions) {
    this.#options = options;
  }

  /** Begins to ask where the bot is wanted in these guilds. Never throws. */
  ask(guilds: readonly Guild[]): void {
    for (const guild of guilds) this.#asked.set(guild.id, guild);
    void this.#untilAnswered();
  }

  /** Asks until the database has answered for all guilds. Never rejects. */
  async #untilAnswered(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const { stays, onAnswer, signal, log } = this.#options;
    try {
      for (let pause = FIRST_PAUSE_MS; this.#asked.size > 0; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        const guilds = [...this.#asked.values()];
        try {
          const found = await stays.of(guilds.map(({ id }) => id));
          const byGuild = new Map(found.map(stay => [stay.guildId, stay]));
          for (const guild of guilds) {
            this.#asked.delete(guild.id);
            onAnswer(guild, byGuild.get(guild.id) ?? null);
          }
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          log.warn({ pauseMs: pause }, 'the database does not say where the bot is wanted: asking again');
          await sleep(pause, undefined, { signal });
        }
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'it is not known where the bot is wanted');
    } finally {
      this.#asking = false;
    }
  }
}
