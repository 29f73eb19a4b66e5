import type { DiscordGatewayAdapterCreator, VoiceConnection } from '@discordjs/voice';
import type { Logger } from '../log.ts';
import type { Departures } from './departures.ts';
import type { CallError } from './errors.ts';

// What `CallLink` (`link.ts`), which keeps the bot in one voice channel, needs to know, and the callbacks by which it
// reports. A new fact or callback for the session above it is added here.

export interface LinkOptions {
  readonly guildId: string;
  readonly channelId: string;
  readonly adapterCreator: DiscordGatewayAdapterCreator;
  /** The leaves that Discord has not answered yet, of the guild's earlier links too. */
  readonly departures: Departures;
  /** Whether nobody else is in the channel, by the gateway's voice states. */
  readonly alone: () => boolean;
  /** Called with the connection when people can hear the bot from now on, and with null when they no longer can. */
  readonly onAudible: (connection: VoiceConnection | null) => void;
  /** Called when somebody has moved the bot to another channel. */
  readonly onMoved: (channelId: string) => void;
  /** Called once when people cannot hear the bot for a while, although the link will go on by itself. */
  readonly onTrouble: (why: CallError) => void;
  /** Called each time when the link joins its channel again. */
  readonly onRejoin: () => void;
  readonly log: Logger;
}
