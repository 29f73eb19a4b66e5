import { type Guild, PermissionFlagsBits, type VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import type { Calls } from '../presence/calls.ts';
import { seesId } from '../seeing.ts';
import type { AnyInteraction } from './interaction.ts';

/** Throws a UserError unless the caller may manage the server. */
export function checkManager(interaction: AnyInteraction): void {
  if (!interaction.memberPermissions.has(PermissionFlagsBits.ManageGuild)) throw new UserError('admins-only');
}

/** Who a caller is to the bot: what they may steer, and what they may know. */
export class Callers {
  readonly #calls: Calls;
  readonly #store: Pick<Store, 'guild'>;

  constructor(calls: Calls, store: Pick<Store, 'guild'>) {
    this.#calls = calls;
    this.#store = store;
  }

  /** The session of the caller's server; undefined while the bot is in no voice channel there. */
  session(interaction: AnyInteraction): Session | undefined {
    return this.#calls.session(interaction.guildId);
  }

  /** The session, for people in the bot's voice channel, who may steer it. Throws a UserError for others. */
  steers(interaction: AnyInteraction): Session {
    const current = this.session(interaction);
    if (!current) throw new UserError('not-in-voice');
    if (
      this.#calls.humansWith(interaction.guild, current) > 0 &&
      channelOf(interaction)?.id !== current.channelId
    ) {
      if (!seesId(interaction, current.channelId)) throw new UserError('listeners-unseen');
      throw new UserError('listeners-only', { channel: `<#${current.channelId}>` });
    }
    return current;
  }

  /** Whether the caller is in the bot's voice channel. */
  listens(interaction: AnyInteraction): boolean {
    const session = this.session(interaction);
    return session !== undefined && channelOf(interaction)?.id === session.channelId;
  }

  /** Whether the caller sees a channel of this server; of others they are told nothing. */
  sees(interaction: AnyInteraction, channelId: string): boolean {
    return seesId(interaction, channelId);
  }

  /** Whether the caller may silence other people's lines: everybody may, or moderators alone. */
  async maySilenceOthers(interaction: AnyInteraction): Promise<boolean> {
    const { known, settings } = await this.#store.guild(interaction.guildId);
    return (
      (known && settings.skipOthers) || interaction.memberPermissions.has(PermissionFlagsBits.MuteMembers)
    );
  }
}

function channelOf({ guild, user }: { guild: Guild; user: { id: string } }): VoiceBasedChannel | null {
  return guild.voiceStates.cache.get(user.id)?.channel ?? null;
}
