import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  ChannelType,
  type ChatInputCommandInteraction,
  escapeMarkdown,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  type VoiceBasedChannel,
} from 'discord.js';
import type { Line } from '../speech/line.ts';
import type { Session } from '../speech/session.ts';

/** A use of one of the bot's commands in a server that the bot is in. */
export type CommandUse = ChatInputCommandInteraction<'cached'>;

/** What `/status` tells of the process. */
export interface StatusReport {
  readonly version: string;
  readonly gatewayPingMs: number | null;
  readonly fish: {
    readonly model: string;
    readonly limit: number;
    readonly inFlight: number;
    readonly waiting: number;
    readonly lastFirstAudioMs: number | null;
    /** What kind of failure the last session ended with; null when it went well. */
    readonly lastError: string | null;
  };
}

/** All that a command may use; it knows nothing of audio. */
export interface CommandContext {
  /** The server's session, if the bot is in voice there. */
  session(use: CommandUse): Session | undefined;
  /** The same for those who may steer it: people in the bot's voice channel. Throws a UserError for others. */
  sessionOfCaller(use: CommandUse): Session;
  /**
   * Brings the bot to `channel`, or the caller's own: at once, before any wait. Throws a UserError when the bot
   * may not go there or has company elsewhere. Await `joined` of the session for the outcome.
   */
  enter(use: CommandUse, channel: VoiceBasedChannel | null): Session;
  /** The line to be said for the caller. Throws a UserError if it is empty or too long. */
  line(use: CommandUse, text: string, voice: string | undefined): Line;
  /** Told by the dispatcher: `answered` resolves when the first answer to this use has gone out. */
  expectAnswer(use: CommandUse, answered: Promise<void>): void;
  status(): StatusReport;
  readonly commands: readonly Command[];
}

export interface Command {
  readonly data: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Everybody in the channel sees the answer; else only the caller. Errors are always for the caller. */
  readonly public?: boolean;
  /** Returns the answer. A UserError thrown is told to the caller. */
  run(use: CommandUse, context: CommandContext): string | Promise<string>;
}

/** Discord's form of a command that works in servers only. */
export function slash(
  name: string,
  description: string,
  options: APIApplicationCommandBasicOption[] = [],
): Command['data'] {
  return {
    name,
    description,
    options,
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
  };
}

export function textOption(
  name: string,
  description: string,
  limits: { required?: boolean; maxLength?: number } = {},
): APIApplicationCommandBasicOption {
  return {
    type: ApplicationCommandOptionType.String,
    name,
    description,
    required: limits.required ?? false,
    ...(limits.maxLength !== undefined && { max_length: limits.maxLength }),
  };
}

export function voiceChannelOption(name: string, description: string): APIApplicationCommandBasicOption {
  return {
    type: ApplicationCommandOptionType.Channel,
    name,
    description,
    required: false,
    channel_types: [ChannelType.GuildVoice],
  };
}

/** The voice channel given as option `name`, if any. */
export function voiceChannelGiven(use: CommandUse, name: string): VoiceBasedChannel | null {
  return use.options.getChannel(name, false, [ChannelType.GuildVoice]);
}

/** Text of people's making, shown as they wrote it: no formatting, mentions or links come alive. */
export function plain(text: string): string {
  return escapeMarkdown(text.replace(/\s+/gu, ' '), { heading: true, bulletedList: true, maskedLink: true });
}
