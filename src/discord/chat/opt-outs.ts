import { UserError } from '../../errors.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';

/** Carries out `/optout` and `/optin`: people decide for each guild whether the bot may read their messages. */
export class OptOuts {
  readonly #session: (guildId: string) => Session | undefined;
  readonly #store: Pick<Store, 'saveOptOut'>;

  constructor(session: (guildId: string) => Session | undefined, store: Pick<Store, 'saveOptOut'>) {
    this.#session = session;
    this.#store = store;
  }

  /**
   * With `out`, the caller's messages are no longer read in this guild, and those that wait are dropped; without it
   * they are read again. Resolves with true when this is saved. With false the database could not be asked: the
   * choice then holds only until this process ends.
   */
  async set(interaction: AnyInteraction, out: boolean): Promise<boolean> {
    if (out) this.#session(interaction.guildId)?.dropWritten(interaction.user.id, 'opted-out');
    try {
      await this.#store.saveOptOut(interaction.guildId, interaction.user.id, out);
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  }
}
