import type { Logger } from '../log.ts';
import { dropPrepared } from '../call/internals.ts';
import type { LinkOptions } from '../call/link-options.ts';
import { insist, later } from '../walls.ts';
import type { Hindrance } from './floor.ts';

type Connection = Parameters<LinkOptions['onAudible']>[0];

export interface EarshotOptions {
  /** Why people would not hear the bot though it is connected; null where they would. */
  readonly hindrance: () => Hindrance | null;
  /** What is said goes out by this connection from now on; null: it waits. */
  readonly onConnection: (connection: Connection) => void;
  /** It may have changed whether what is said would be heard. */
  readonly onChange: () => void;
  readonly log: Logger;
}

/** How long what is not heard now is expected to be heard soon, ms. */
export const EARSHOT_MS = {
  /** A connection is being made, or made anew. */
  connecting: 3_000,
  /** Somebody has paused it. */
  paused: 5_000,
};

/**
 * Whether people would hear the bot: its connection carries speech, nothing in its channel hinders it, and nobody has
 * paused it for long.
 */
export class Earshot implements Disposable {
  readonly #options: EarshotOptions;
  #connection: Connection = null;
  #hindrance: Hindrance | null;
  #paused = false;
  /** Running: it is expected to be heard soon, though it is not connected, or is paused. */
  readonly #soon: Record<keyof typeof EARSHOT_MS, NodeJS.Timeout | undefined>;

  constructor(options: EarshotOptions) {
    this.#options = options;
    this.#hindrance = options.hindrance();
    this.#soon = { connecting: this.#expect('connecting'), paused: undefined };
  }

  /** As it was told last: see `look`. */
  get hindrance(): Hindrance | null {
    return this.#hindrance;
  }

  /** What is synthesised now will be heard, or at least nothing is known that speaks against it. */
  get reached(): boolean {
    const { connecting, paused } = this.#soon;
    if (this.#hindrance) return false;
    return (this.#connection !== null || connecting !== undefined) && (!this.#paused || paused !== undefined);
  }

  /** The link can be heard by this connection from now on; null: it cannot. */
  connected(connection: Connection): void {
    this.#connection = connection;
    this.#wait('connecting', connection === null);
    this.#connect();
    this.#options.onChange();
  }

  /** What hinders it may have changed. */
  look(): void {
    const hindrance = this.#options.hindrance();
    if (hindrance === this.#hindrance) return;
    this.#hindrance = hindrance;
    this.#connect();
    this.#options.onChange();
  }

  paused(paused: boolean): void {
    this.#paused = paused;
    this.#wait('paused', paused);
    this.#options.onChange();
  }

  [Symbol.dispose](): void {
    for (const timer of Object.values(this.#soon)) clearTimeout(timer);
  }

  /** A line that is cut off by a hindrance goes on after it where it was. */
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
