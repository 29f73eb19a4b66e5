import { type Client, GatewayDispatchEvents, GatewayOpcodes, type Guild, Status } from 'discord.js';
import type { Logger } from '../../log.ts';

// Tells whether the bot is in a voice channel because this process joined it, or because an earlier process has left it
// behind there, as a "ghost". It knows that by the session of each connection to Discord. `returns.ts` removes ghosts.

/** The log warns at most once in this time that another program uses the same token. */
const WARN_MS = 3_600_000;

/**
 * The voice channel in which Discord shows the bot itself, and the gateway session by which the bot joined it (null
 * when Discord does not say).
 */
interface OwnVoiceState {
  readonly channelId: string;
  readonly sessionId: string | null;
}

/** Knows the gateway sessions of this process, one for each shard. */
export class GatewaySessions {
  readonly #client: Client;
  readonly #log: Logger;
  /** The session id of each shard, by shard number. A resumed session keeps its id; a new READY brings a new one. */
  readonly #ids = new Map<number, string>();
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(client: Client, log: Logger) {
    this.#client = client;
    this.#log = log;
    client.ws.on(
      GatewayDispatchEvents.Ready,
      ({ session_id: id }: { session_id: string }, shardId: number) => {
        this.#ids.set(shardId, id);
      },
    );
  }

  /** Returns where Discord shows the bot in this guild, or null when it shows the bot in no voice channel. */
  ownState({ voiceStates }: Guild): OwnVoiceState | null {
    const state = voiceStates.cache.get(this.#client.user?.id ?? '');
    return state?.channelId ? { channelId: state.channelId, sessionId: state.sessionId } : null;
  }

  /**
   * Whether Discord shows the bot in a voice channel that another gateway session joined, such as that of a process
   * which was killed.
   */
  isGhost(guild: Guild): boolean {
    const own = this.ownState(guild);
    return own !== null && own.sessionId !== this.#ids.get(guild.shardId);
  }

  /** Whether the guild can be reached: Discord has no outage of it, and the gateway of its shard is connected. */
  reaches(guild: Guild): boolean {
    return guild.available && this.#client.ws.shards.get(guild.shardId)?.status === Status.Ready;
  }

  /**
   * Takes the bot out of whatever voice channel Discord shows it in. (Discord, "Gateway Events": Update Voice State.)
   */
  leaveVoice(guild: Guild): void {
    const nowhere = { guild_id: guild.id, channel_id: null, self_mute: false, self_deaf: false };
    guild.shard.send({ op: GatewayOpcodes.VoiceStateUpdate, d: nowhere });
  }

  /** Call this when the bot's own voice state changed. Logs a warning when another program changed it. */
  ownStateChanged(guild: Guild): void {
    if (!this.isGhost(guild) || performance.now() - this.#warnedAt < WARN_MS) return;
    this.#warnedAt = performance.now();
    this.#log.warn(
      { guildId: guild.id },
      'another program uses the same DISCORD_TOKEN and joins voice channels: stop it, or people hear everything twice',
    );
  }
}
