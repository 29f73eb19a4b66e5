import { setTimeout as sleep } from 'node:timers/promises';

// Limits how often `library.ts` asks Fish Audio about voices: people type fast, and each letter would be a question.

/** The most questions that are asked at once; further ones are not asked. */
const MAX_UNDER_WAY = 4;
/** A question is not asked again within this time. */
const ANSWERED_MS = 10 * 60_000;
const MAX_REMEMBERED = 2_000;

/** Asks questions in the background: never too many at once, and the same one not again within ten minutes. */
export class Questions {
  /** When each question was asked last, by `performance.now()`; the oldest is the first. */
  readonly #asked = new Map<string, number>();
  #underWay = 0;

  /** Asks a question in the background, unless it was asked a short while ago or too many are being asked already. */
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

/** The answer if it comes within `ms`; undefined if it does not, or if it fails. Never rejects. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T | undefined> {
  return await Promise.race([
    answer.catch(() => undefined),
    sleep(Math.max(0, ms), undefined, { ref: false }),
  ]);
}
