import { dropPrepared } from '../call/internals.ts';
import type { LinkOptions } from '../call/link-options.ts';
import type { Logger } from '../log.ts';
import { insist, later } from '../walls.ts';
import type { Hindrance } from './floor.ts';

// Knows whether people would hear the bot now: it has a connection, no hindrance (such as being muted by a moderator),
// and no long pause. Speech then goes out; if not, `floor.ts` holds the lines and `tap.ts` sends no words.

type Connection = Parameters<LinkOptions['onAudible']>[0];

export interface EarshotOptions {
  /** Why people would not hear the bot though it is connected; null if they would. */
  readonly hindrance: () => Hindrance | null;
  /** Called with the connection by which speech goes out from now on; null if speech has to wait. */
  readonly onConnection: (connection: Connection) => void;
  /** Called when it may have changed whether speech would be heard. */
  readonly onChange: () => void;
  readonly log: Logger;
}

/** For how many milliseconds we expect that speech, which cannot be heard now, will be heard soon. */
export const EARSHOT_MS = {
  /** While a connection is being made. */
  connecting: 3_000,
  /** While somebody has paused the bot. */
  paused: 5_000,
};

/** A connection that is being made, or a pause, counts as being heard soon for as long as `EARSHOT_MS` says. */
export class Earshot implements Disposable {
  readonly #options: EarshotOptions;
  #connection: Connection = null;
  #hindrance: Hindrance | null;
  #paused = false;
  /** While one of these timers runs we expect to be heard soon, though there is no connection, or there is a pause. */
  readonly #soon: Record<keyof typeof EARSHOT_MS, NodeJS.Timeout | undefined>;

  constructor(options: EarshotOptions) {
    this.#options = options;
    this.#hindrance = options.hindrance();
    this.#soon = { connecting: this.#expect('connecting'), paused: undefined };
  }

  /** Why people would not hear the bot, as it was at the last `look`; null if they would. */
  get hindrance(): Hindrance | null {
    return this.#hindrance;
  }

  /** Whether what is synthesised now will probably be heard. */
  get reached(): boolean {
    const { connecting, paused } = this.#soon;
    if (this.#hindrance) return false;
    return (this.#connection !== null || connecting !== undefined) && (!this.#paused || paused !== undefined);
  }

  /** Notes the connection by which the bot can be heard from now on; null if there is none. */
  connected(connection: Connection): void {
    this.#connection = connection;
    this.#wait('connecting', connection === null);
    this.#connect();
    this.#options.onChange();
  }

  /** Call this when the hindrance may have changed. */
  look(): void {
    const hindrance = this.#options.hindrance();
    if (hindrance === this.#hindrance) return;
    this.#hindrance = hindrance;
    this.#connect();
    this.#options.onChange();
  }

  /** Notes that somebody has paused the bot, or that the pause is over. */
  paused(paused: boolean): void {
    this.#paused = paused;
    this.#wait('paused', paused);
    this.#options.onChange();
  }

  [Symbol.dispose](): void {
    for (const timer of Object.values(this.#soon)) clearTimeout(timer);
  }

  /** Hands on the connection, or null while there is a hindrance; a line that is cut off by it goes on there later. */
  #connect(): void {
    const connection = this.#connection;
    this.#options.onConnection(this.#hindrance ? null : connection);
    if (this.#hindrance && connection) dropPrepared(connection); // the player has taken it back
  }

  #wait(what: keyof typeof EARSHOT_MS, begins: boolean): void {
    clearTimeout(this.#soon[what]);
    this.#soon[what] = begins ? this.#expect(what) : undefined;
  }

  #expect(what: keyof typeof EARSHOT_MS): NodeJS.Timeout {
    const { log, onChange } = this.#options;
    return later(log, 'earshot', EARSHOT_MS[what], () => {
      this.#soon[what] = undefined;
      insist(log, 'earshot', onChange);
    });
  }
}
