import { UserError } from '../../errors.ts';
import type { SpeechCache } from '../../speech/cache.ts';
import { writtenBy } from '../../speech/part-filters.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';

/** Carries out `/optout` and `/optin`: people decide for each guild whether the bot may read their messages. */
export class OptOuts {
  readonly #session: (guildId: string) => Session | undefined;
  readonly #store: Pick<Store, 'saveOptOut'>;
  readonly #cache: Pick<SpeechCache, 'forgetPerson'>;

  constructor(
    session: (guildId: string) => Session | undefined,
    store: Pick<Store, 'saveOptOut'>,
    cache: Pick<SpeechCache, 'forgetPerson'>,
  ) {
    this.#session = session;
    this.#store = store;
    this.#cache = cache;
  }

  /**
   * With `out`, the caller's messages are no longer read in this guild: those that wait are dropped, and the speech
   * that was kept of them, to be heard again, is forgotten. Without `out` their messages are read again. Resolves with
   * true when this is saved. Resolves with false when the database does not work: the choice holds all the same, and is
   * saved when the database works again; only if this process ends before that, it is lost.
   */
  async set(interaction: AnyInteraction, out: boolean): Promise<boolean> {
    const { guildId, user } = interaction;
    if (out) this.#session(guildId)?.conversation.drop('opted-out', writtenBy(user.id));
    try {
      const saved = this.#store.saveOptOut(guildId, user.id, out);
      if (out) this.#cache.forgetPerson(user.id, guildId); // from here on the opt-out holds, so that nothing is kept anew
      await saved;
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  }
}
