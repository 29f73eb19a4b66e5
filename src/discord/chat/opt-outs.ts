import { UserError } from '../../errors.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';

/** People who do not want to be read, and those who want it again. */
export class OptOuts {
  readonly #session: (guildId: string) => Session | undefined;
  readonly #store: Pick<Store, 'saveOptOut'>;

  constructor(session: (guildId: string) => Session | undefined, store: Pick<Store, 'saveOptOut'>) {
    this.#session = session;
    this.#store = store;
  }

  /**
   * The caller's chat is not read here from now on, or is again. Resolves with whether that is saved; it holds in any
   * case, until this process ends.
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
