import { setTimeout as sleep } from 'node:timers/promises';

/** More questions at once are left for later. */
const MAX_UNDER_WAY = 4;
/** The same is not asked again within this. */
const ANSWERED_MS = 10 * 60_000;
const MAX_REMEMBERED = 2_000;

/** Questions that nobody waits for, or not for long. */
export class Questions {
  /** When each was asked last, the oldest first; `performance.now()`. */
  readonly #asked = new Map<string, number>();
  #underWay = 0;

  /** Asks in the background, unless the same was asked a while ago or too much is being asked already. */
  once(key: string, ask: () => Promise<unknown>, onFailed: (error: unknown) => void): void {
    const now = performance.now();
    if (this.#underWay >= MAX_UNDER_WAY || now - (this.#asked.get(key) ?? -ANSWERED_MS) < ANSWERED_MS) return;
    this.#remember(key, now);
    this.#underWay += 1;
    ask()
      .catch((error: unknown) => {
        this.#asked.delete(key);
        onFailed(error);
      })
      .finally(() => {
        this.#underWay -= 1;
      });
  }

  #remember(key: string, now: number): void {
    this.#asked.delete(key);
    this.#asked.set(key, now);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MAX_REMEMBERED && oldest !== undefined) this.#asked.delete(oldest);
  }
}

/** The answer if it comes within `ms`; undefined if it does not, or fails. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T | undefined> {
  return await Promise.race([answer.catch(() => undefined), sleep(ms, undefined, { ref: false })]);
}
