import type { Notices, Wording } from '../presence/notices.ts';
import type { AnyInteraction } from './interaction.ts';

/** What callers are told after the first answer, such as that their line failed. */
export class FollowUps {
  readonly #notices: Pick<Notices, 'toCaller'>;
  readonly #answers = new WeakMap<object, Promise<void>>();

  constructor(notices: Pick<Notices, 'toCaller'>) {
    this.#notices = notices;
  }

  /** The dispatcher says so for each use: `answered` resolves when the first answer has gone out. */
  expectAnswer(interaction: object, answered: Promise<void>): void {
    this.#answers.set(interaction, answered);
  }

  /**
   * Tells the caller alone, after the first answer: before it Discord takes no more, or would put this in its place.
   * Never rejects.
   */
  tell(interaction: AnyInteraction, what: Wording): Promise<void> {
    return this.#notices.toCaller(interaction, what, this.#answers.get(interaction));
  }
}
