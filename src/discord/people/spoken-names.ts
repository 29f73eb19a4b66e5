import { type GuildMember, PermissionFlagsBits } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import { wishedName } from '../../text/announcement.ts';
import { holdsBlockedWord } from '../../text/blocked-words.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { mustWait } from '../interaction/when-heard.ts';
import type { CallerLines } from '../lines/caller-lines.ts';
import type { CallRequests } from '../presence/call-requests.ts';

// Carries out `/name`: saves how somebody's name is spoken in a guild, and says the name once, so that they hear it.
// `text/announcement.ts` turns what they typed into a name that can be spoken.

export interface SpokenNamesOptions {
  readonly store: Pick<Store, 'guild' | 'savePerson'>;
  readonly callerLines: Pick<CallerLines, 'own' | 'spokenName'>;
  readonly callRequests: Pick<CallRequests, 'speakIfThere'>;
}

export class SpokenNames {
  readonly #options: SpokenNamesOptions;

  constructor(options: SpokenNamesOptions) {
    this.#options = options;
  }

  /**
   * Has a member's name spoken as `wish` says, or, when that is empty, as it is written. Resolves with the name as it
   * is spoken from now on. Rejects with a UserError when it is somebody else's name and the caller may not mute
   * members, when nothing of the wish can be said or it holds a blocked word, or when it cannot be saved.
   */
  async set(interaction: AnyInteraction, member: GuildMember, wish: string): Promise<string> {
    const { store, callerLines } = this.#options;
    const mayName =
      member.id === interaction.user.id || interaction.memberPermissions.has(PermissionFlagsBits.MuteMembers);
    if (!mayName) throw new UserError('name.moderators-only');
    const name = wish.trim() === '' ? null : wishedName(wish);
    if (name === '') throw new UserError('nothing-to-say');
    const { blockedWords } = (await store.guild(interaction.guildId)).settings;
    if (name !== null && holdsBlockedWord(name, blockedWords)) throw new UserError('name.blocked');
    await store.savePerson(interaction.guildId, member.id, { name });
    return await callerLines.spokenName(interaction, member);
  }

  /**
   * Says a name, if the bot is in the caller's voice channel. Resolves with the session that says it; null when it is
   * not said, or not now.
   */
  async hear(interaction: AnyInteraction, name: string): Promise<Session | null> {
    const { callerLines, callRequests } = this.#options;
    const make = async () => {
      const { line } = await callerLines.own(interaction, name, undefined);
      // Nobody says this, so no speaker is announced.
      return { ...line, speakerId: `name ${name}`, announce: 'never' } as const;
    };
    try {
      const { said } = await callRequests.speakIfThere(interaction, make, { comes: false });
      if (!said) return null;
      await said.session.settled();
      return mustWait(said.session, said.before) ? null : said.session;
    } catch (error) {
      if (error instanceof UserError) return null; // The name is saved all the same, and the answer shows it.
      throw error;
    }
  }
}
