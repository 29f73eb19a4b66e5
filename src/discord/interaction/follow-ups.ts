import type { Notices, Words } from '../presence/notices.ts';
import type { AnyUse } from './use.ts';

/** What callers are told after the first answer, such as that their line failed. */
export class FollowUps {
  readonly #notices: Pick<Notices, 'toCaller'>;
  readonly #answers = new WeakMap<object, Promise<void>>();

  constructor(notices: Pick<Notices, 'toCaller'>) {
    this.#notices = notices;
  }

  /** The dispatcher says so for each use: `answered` resolves when the first answer has gone out. */
  expectAnswer(use: object, answered: Promise<void>): void {
    this.#answers.set(use, answered);
  }

  /**
   * Tells the caller alone, after the first answer: before it Discord takes no more, or would put this in its place.
   * Never rejects.
   */
  tell(use: AnyUse, what: Words): Promise<void> {
    return this.#notices.toCaller(use, what, this.#answers.get(use));
  }
}
