import { writtenBy } from '../../speech/part-filters.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import { knownGuild } from '../known-guild.ts';

// Carries out `/ignore` and `/unignore`: a guild's moderators say whose messages are not read there. Here the choice is
// saved and what waits is dropped; `gate.ts` refuses what is written later. People's own choice is in `opt-outs.ts`.

export interface IgnoringOptions {
  readonly session: (guildId: string) => Session | undefined;
  readonly store: Pick<Store, 'guild' | 'problem' | 'saveIgnored'>;
}

export class Ignoring {
  readonly #options: IgnoringOptions;

  constructor(options: IgnoringOptions) {
    this.#options = options;
  }

  /**
   * With `ignored`, this person's messages are no longer read in the guild, and those that wait are dropped; without
   * it they are read again. Resolves with whether the person was ignored before. Rejects with a UserError, and has
   * changed nothing, when the database cannot be asked.
   */
  async set(guildId: string, userId: string, ignored: boolean): Promise<boolean> {
    const { session, store } = this.#options;
    const before = (await knownGuild(store, guildId)).ignored.has(userId);
    await store.saveIgnored(guildId, userId, ignored);
    if (ignored) session(guildId)?.conversation.drop('ignored', writtenBy(userId));
    return before;
  }
}
