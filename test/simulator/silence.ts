import { PERMISSION } from '../sandbox/discord/permissions.ts';
import type { Room } from './room.ts';

/** Why nobody can hear the bot. `alone`: it is in a channel where nobody is. */
export type Silence = 'away' | 'alone' | 'muted' | 'no-permission';

/** A time in which nobody could hear the bot, as Discord knows it: `performance.now()`, ms. */
export interface SilentTime {
  readonly why: Silence;
  readonly from: number;
  /** Infinity while it lasts. */
  until: number;
}

/** Notes when nobody could hear the bot in a server. Whoever starts it calls `look` every few ms. */
export class SilenceWatch {
  readonly times: SilentTime[] = [];
  readonly #room: Pick<Room, 'discord' | 'guild' | 'people'>;

  constructor(room: Pick<Room, 'discord' | 'guild' | 'people'>) {
    this.#room = room;
  }

  look(): void {
    const now = performance.now();
    const open = this.times.findLast(({ until }) => until === Infinity);
    const why = this.#why();
    if (open?.why === why) return;
    if (open) open.until = now;
    if (why) this.times.push({ why, from: now, until: Infinity });
  }

  /** Call this when all that was noted is to be dropped. */
  forget(): void {
    this.times.length = 0;
  }

  #why(): Silence | undefined {
    const { discord, guild, people } = this.#room;
    const { applicationId } = discord;
    const channel = guild.channels.get(discord.botVoiceChannel(guild) ?? '');
    if (!channel) return 'away';
    if (guild.member(applicationId).mute) return 'muted';
    if ((guild.permissionsOf(applicationId, channel) & PERMISSION.speak) === 0n) return 'no-permission';
    const isHere = (id: string) => guild.voiceStates.get(id)?.channelId === channel.id;
    return people.some(({ id }) => isHere(id)) ? undefined : 'alone';
  }
}
