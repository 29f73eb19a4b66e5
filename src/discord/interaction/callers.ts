import { type Guild, PermissionFlagsBits, type VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Session } from '../../speech/session.ts';
import type { Store } from '../../store/store.ts';
import type { Rooms } from '../presence/rooms.ts';
import { seesId } from '../seeing.ts';
import type { AnyUse } from './use.ts';

/** Throws a UserError unless the caller may manage the server. */
export function checkManager(use: AnyUse): void {
  if (!use.memberPermissions.has(PermissionFlagsBits.ManageGuild)) throw new UserError('admins-only');
}

/** Who a caller is to the bot: what they may steer, and what they may know. */
export class Callers {
  readonly #rooms: Rooms;
  readonly #store: Pick<Store, 'server'>;

  constructor(rooms: Rooms, store: Pick<Store, 'server'>) {
    this.#rooms = rooms;
    this.#store = store;
  }

  /** The session of the caller's server; undefined while the bot is in no voice channel there. */
  session(use: AnyUse): Session | undefined {
    return this.#rooms.session(use.guildId);
  }

  /** The session, for people in the bot's voice channel, who may steer it. Throws a UserError for others. */
  steers(use: AnyUse): Session {
    const current = this.session(use);
    if (!current) throw new UserError('not-in-voice');
    if (this.#rooms.humansWith(use.guild, current) > 0 && channelOf(use)?.id !== current.channelId) {
      if (!seesId(use, current.channelId)) throw new UserError('listeners-unseen');
      throw new UserError('listeners-only', { channel: `<#${current.channelId}>` });
    }
    return current;
  }

  /** Whether the caller is in the bot's voice channel. */
  listens(use: AnyUse): boolean {
    const session = this.session(use);
    return session !== undefined && channelOf(use)?.id === session.channelId;
  }

  /** Whether the caller sees a channel of this server; of others they are told nothing. */
  sees(use: AnyUse, channelId: string): boolean {
    return seesId(use, channelId);
  }

  /** Whether the caller may silence other people's lines: everybody may, or moderators alone. */
  async maySilenceOthers(use: AnyUse): Promise<boolean> {
    const { known, settings } = await this.#store.server(use.guildId);
    return (known && settings.skipOthers) || use.memberPermissions.has(PermissionFlagsBits.MuteMembers);
  }
}

function channelOf({ guild, user }: { guild: Guild; user: { id: string } }): VoiceBasedChannel | null {
  return guild.voiceStates.cache.get(user.id)?.channel ?? null;
}
