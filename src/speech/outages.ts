import type { Circuit } from '../fish/circuit.ts';
import type { FishError } from '../fish/errors.ts';
import { troubleOf } from '../fish/trouble.ts';
import type { MessageKey, MessageParams } from '../locale/catalogue.ts';

// Tells the people of each guild when Fish Audio has an outage and when it is over, once each. `src/fish/circuit.ts`
// knows whether there is an outage; `drop-notices.ts` tells of single messages.

/** Tells the people of a guild something. */
type Tell = (words: { readonly key: MessageKey; readonly params: MessageParams }) => void;

interface Guild {
  tell: Tell;
  /** When a line of this guild last failed at Fish, was refused there, or waited long (`performance.now()`). */
  metAt: number;
  /** Whether its people have been told of the present outage. */
  told: boolean;
  /** When they were last told that an outage is over (`performance.now()`). */
  overAt: number;
}

/** For how many milliseconds people are not told of a new outage after they were told that Fish works again. */
const QUIET_MS = 5 * 60_000;

/**
 * A guild is told that nothing can be said when a line of its people first fails or has waited for long, and later that
 * speech works again. The number of lines and the length of the outage do not matter.
 */
export class Outages implements Disposable {
  readonly #circuit: Circuit;
  readonly #quietMs: number;
  readonly #guilds = new Map<string, Guild>();
  readonly #life = new AbortController();

  constructor(circuit: Circuit, { quietMs = QUIET_MS } = {}) {
    this.#circuit = circuit;
    this.#quietMs = quietMs;
    circuit.onChange(() => this.#changed(), this.#life);
  }

  /**
   * Notes that a line of a guild failed at Fish, was refused there, or waits long in an outage. `tell` tells the people
   * of that guild.
   */
  met(guildId: string, tell: Tell): void {
    const guild = this.#guilds.get(guildId) ?? {
      tell,
      metAt: 0,
      told: false,
      overAt: Number.NEGATIVE_INFINITY,
    };
    this.#guilds.set(guildId, guild);
    if (!guild.told) guild.tell = tell;
    guild.metAt = performance.now();
    const { outage } = this.#circuit;
    if (outage) this.#begin(guild, outage.error);
  }

  [Symbol.dispose](): void {
    this.#life.abort();
  }

  #changed(): void {
    const { outage, failingSince } = this.#circuit;
    const now = performance.now();
    for (const [guildId, guild] of this.#guilds) {
      if (outage) {
        // A line of this guild was among the failures that made the outage.
        if (guild.metAt >= (failingSince ?? now)) this.#begin(guild, outage.error);
      } else if (guild.told) {
        guild.told = false;
        guild.overAt = now;
        guild.tell({ key: 'outage.over', params: {} });
      } else if (guild.overAt + this.#quietMs < now) this.#guilds.delete(guildId);
    }
  }

  #begin(guild: Guild, error: FishError): void {
    if (guild.told || performance.now() - guild.overAt < this.#quietMs) return;
    guild.told = true;
    guild.tell({ key: 'outage.begin', params: { cause: [`cause.${troubleOf(error)}`] } });
  }
}
