import type { DiscordGatewayAdapterCreator, VoiceConnection } from '@discordjs/voice';
import type { Logger } from '../log.ts';
import type { CallError } from './errors.ts';

/** What a link is told, and whom it tells. */
export interface LinkOptions {
  readonly guildId: string;
  readonly channelId: string;
  readonly adapterCreator: DiscordGatewayAdapterCreator;
  /** True when nobody else is in the channel, by the gateway's voice states. */
  readonly alone: () => boolean;
  /** Called with the connection whenever speech can be heard from now on, with null when it no longer can. */
  readonly onAudible: (connection: VoiceConnection | null) => void;
  /** The bot was moved to another channel by somebody else. */
  readonly onMoved: (channelId: string) => void;
  /** People cannot hear the bot for a while, and it goes on by itself; told once each time. */
  readonly onTrouble: (why: CallError) => void;
  readonly log: Logger;
}
