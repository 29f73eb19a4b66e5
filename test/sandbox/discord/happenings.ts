import { EventEmitter } from 'node:events';
import type { Message } from './message.ts';
import type { HeardPacket } from './voice-api.ts';

interface HappeningEvents {
  /**
   * A message is new or has changed, or the reactions below it; those too that one person alone sees, and of which the
   * bot is not told.
   */
  message: [message: Message];
  /** Messages are gone. */
  gone: [ids: readonly string[]];
  /** Something else in a server has changed: who is there, in voice, what there is. `event` is the gateway's name. */
  server: [guildId: string, event: string];
  /** The bot has registered its commands. */
  registered: [];
  /** Somebody in a voice channel has decrypted a packet; told once, however many people are there. */
  heard: [channelId: string, packet: HeardPacket];
}

/** What happens in a Discord, told as it happens to whoever looks on from outside, such as the sandbox's page. */
export class Happenings extends EventEmitter<HappeningEvents> {}
