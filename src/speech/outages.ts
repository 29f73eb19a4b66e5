import type { Circuit } from '../fish/circuit.ts';
import type { FishError } from '../fish/errors.ts';
import { troubleOf } from '../fish/trouble.ts';
import type { MessageKey, MessageParams } from '../locale/catalogue.ts';

/** Tells a guild's people something. */
type Tell = (words: { readonly key: MessageKey; readonly params: MessageParams }) => void;

interface Guild {
  tell: Tell;
  /** When a line of theirs last met trouble: `performance.now()`. */
  metAt: number;
  /** They have been told of the present outage. */
  told: boolean;
  /** When they were last told that one was over: `performance.now()`. */
  overAt: number;
}

/** Told that it works again, people are not told of the next outage within this: it comes and goes. */
const QUIET_MS = 5 * 60_000;

/**
 * Tells each guild's people once that nothing can be said, when they first notice, and once that it can again, however
 * long the outage was and however many lines met it.
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

  /** A line of a guild was refused by Fish or failed there. `tell` is how its people are told. */
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
        // It was one of theirs that failed on the way to this.
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
