import type { FakeChannel } from './channel.ts';
import type { DiscordFaults } from './faults.ts';
import type { Identify } from './gateway-session.ts';
import type { FakeGuild } from './guild.ts';
import type { FakeInteraction } from './interaction.ts';
import type { OptionValue } from './interaction-data.ts';
import type { RestRecord } from './rest-server.ts';
import type { FakeUser } from './user.ts';
import type { Listener, VoiceServer } from './voice-api.ts';

/** A Discord on this machine, for one bot: REST, gateway and voice over real sockets. */
export interface FakeDiscord extends AsyncDisposable {
  /** For `DISCORD_API_URL`, without the version. */
  readonly apiUrl: string;
  readonly token: string;
  /** The bot's user id too. */
  readonly applicationId: string;
  /** For `NODE_EXTRA_CA_CERTS`: the voice servers' certificate. */
  readonly caFile: string;
  /** A new call goes to the first. */
  readonly voice: VoiceServer[];
  readonly faults: DiscordFaults;
  /** Every REST call, in order of answering. */
  readonly requests: RestRecord[];
  /** Global commands as last registered. */
  readonly registered: readonly object[];
  /** Living gateway sockets. */
  readonly connections: number;
  /** Every accepted IDENTIFY. */
  readonly identifies: readonly Identify[];
  readonly lastIdentify: Identify | undefined;
  addUser(name: string, options?: { bot?: boolean }): FakeUser;
  /** The bot is told, if it is connected. */
  addGuild(options?: { name?: string }): FakeGuild;
  /** A person enters a voice channel, from wherever they were in that server; throws where people may not. */
  join(user: FakeUser, channel: FakeChannel): Promise<Listener>;
  leave(user: FakeUser, guild: FakeGuild): Promise<void>;
  /** An admin drags the bot to a channel, or disconnects it. */
  moveBot(guild: FakeGuild, channel: FakeChannel | null): void;
  /** The bot's call goes on at another voice server; `viaNull`: after a moment without any. */
  moveVoiceServer(guild: FakeGuild, options?: { to?: number; viaNull?: boolean }): void;
  /** A person uses a command, "voice set" for a subcommand; by default in the server's first text channel. */
  command(
    user: FakeUser,
    guild: FakeGuild,
    name: string,
    options?: Record<string, OptionValue>,
    where?: { channel?: FakeChannel },
  ): FakeInteraction;
  /** Id of the channel where the gateway has the bot. */
  botVoiceChannel(guild: FakeGuild): string | null;
  /** Voice state updates (op 4) that the bot sent for the server. */
  op4Count(guild: FakeGuild): number;
  /** Waits for a bot that was told of READY and all its servers. */
  ready(timeoutMs?: number): Promise<void>;
  /** Closes all gateway sockets with a code. */
  closeGateway(code: number): void;
  /** Asks the bot to reconnect and resume (op 7). */
  reconnectGateway(): void;
  /** Declares sessions invalid (op 9); unless `resumable`, the bot's voice ends with them. */
  invalidSession(resumable: boolean): void;
}
