import type { Notices, Wording } from '../notices.ts';
import type { AnyInteraction } from './interaction.ts';

/** Tells callers something after the first answer to their interaction, such as that their line could not be said. */
export class FollowUps {
  readonly #notices: Pick<Notices, 'toCaller'>;
  /** For each interaction, a promise that resolves when its first answer has gone out. */
  readonly #answers = new WeakMap<object, Promise<void>>();

  constructor(notices: Pick<Notices, 'toCaller'>) {
    this.#notices = notices;
  }

  /** The dispatcher calls this for each interaction. `answered` resolves when the first answer has gone out. */
  expectAnswer(interaction: object, answered: Promise<void>): void {
    this.#answers.set(interaction, answered);
  }

  /**
   * Tells the caller alone. It waits for the first answer, because before that Discord refuses a follow-up, or shows
   * it in place of the answer. Never rejects.
   */
  tell(interaction: AnyInteraction, what: Wording): Promise<void> {
    return this.#notices.toCaller(interaction, what, this.#answers.get(interaction));
  }
}
