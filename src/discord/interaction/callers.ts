import { type Guild, PermissionFlagsBits, type VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Line } from '../../speech/line.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import type { Calls } from '../presence/calls.ts';
import { seesId } from '../seeing.ts';
import type { AnyInteraction } from './interaction.ts';

// Answers what a caller (somebody who uses a command or button) may do and may know: change settings, moderate, steer
// the speech, silence others. What the bot itself may do in a voice channel is checked in `presence/channels.ts`.

/** Throws the UserError `admins-only` unless the caller has Discord's permission "Manage Server". */
export function checkManager(interaction: AnyInteraction): void {
  if (!interaction.memberPermissions.has(PermissionFlagsBits.ManageGuild)) throw new UserError('admins-only');
}

/** Throws the UserError `for-moderators` unless the caller has Discord's permission "Mute Members". */
export function checkModerator(interaction: AnyInteraction): void {
  if (!isModerator(interaction)) throw new UserError('for-moderators');
}

function isModerator(interaction: AnyInteraction): boolean {
  return interaction.memberPermissions.has(PermissionFlagsBits.MuteMembers);
}

/**
 * Whether somebody else than the caller has a line said. What the bot says of its own accord, such as who has come, is
 * nobody's.
 */
export function isOfOthers({ userId }: Pick<Line, 'userId'>, { user, client }: AnyInteraction): boolean {
  return userId !== user.id && userId !== client.user.id;
}

/** Answers such questions where they depend on the bot's voice channel, or on the settings of the guild. */
export class Callers {
  readonly #calls: Calls;
  readonly #store: Pick<Store, 'guild'>;

  constructor(calls: Calls, store: Pick<Store, 'guild'>) {
    this.#calls = calls;
    this.#store = store;
  }

  /** Returns the speech session of the caller's guild, or undefined while the bot is in no voice channel there. */
  session(interaction: AnyInteraction): Session | undefined {
    return this.#calls.session(interaction.guildId);
  }

  /**
   * Returns the guild's session for a caller who may steer it: one who is in the bot's voice channel, or anybody
   * while no person is there. Throws a UserError for all others, and when there is no session.
   */
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

  /** Whether the caller sees a channel of this guild. A caller is never told of a channel that they do not see. */
  sees(interaction: AnyInteraction, channelId: string): boolean {
    return seesId(interaction, channelId);
  }

  /**
   * Whether the caller may silence other people's lines. Moderators, who may mute members, always may; everybody may
   * when the guild's settings allow it. While the database cannot be asked, only moderators may.
   */
  async maySilenceOthers(interaction: AnyInteraction): Promise<boolean> {
    const { known, settings } = await this.#store.guild(interaction.guildId);
    return (known && settings.skipOthers) || isModerator(interaction);
  }
}

function channelOf({ guild, user }: { guild: Guild; user: { id: string } }): VoiceBasedChannel | null {
  return guild.voiceStates.cache.get(user.id)?.channel ?? null;
}
