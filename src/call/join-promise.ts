import { CallError } from './errors.ts';

/** The promise that the bot comes into its channel. Each move begins a new one, with which the earlier ones settle. */
export class JoinPromise {
  #current = Promise.withResolvers<void>();

  /** Resolves once the bot is in the channel; rejects with CallError, whose `end` says why it could not get in. */
  get joined(): Promise<void> {
    return this.#current.promise;
  }

  /** Call this when the bot begins to move to another channel. */
  anew(): void {
    const earlier = this.#current;
    this.#current = Promise.withResolvers();
    this.joined.then(earlier.resolve, earlier.reject);
  }

  /** Call this when the bot is in the channel. */
  came(): void {
    this.#current.resolve();
  }

  /** Call this when the bot leaves, or cannot come: `error` says why; null if it leaves on purpose. */
  left(error: CallError | null): void {
    this.joined.catch(() => {}); // nobody need handle this rejection: the link's `ended` tells the same
    this.#current.reject(error ?? new CallError('left'));
  }
}
