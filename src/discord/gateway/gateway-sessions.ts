import { type Client, GatewayDispatchEvents, GatewayOpcodes, type Guild, Status } from 'discord.js';
import type { Logger } from '../../log.ts';

/** Another program with the same token is told of once in so long. */
const WARN_MS = 3_600_000;

/** Where the gateway says that the bot itself is in a server, and by which gateway session it got there. */
export interface OwnState {
  readonly channelId: string;
  readonly sessionId: string | null;
}

/** The gateway's sessions of this process, by shard, and which of the bot's voice states are theirs. */
export class GatewaySessions {
  readonly #client: Client;
  readonly #log: Logger;
  /** The session's id by shard. A resume keeps it; after a new READY it is another one. */
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

  /** Null: in no voice channel. */
  ownState({ voiceStates }: Guild): OwnState | null {
    const state = voiceStates.cache.get(this.#client.user?.id ?? '');
    return state?.channelId ? { channelId: state.channelId, sessionId: state.sessionId } : null;
  }

  /** Discord shows the bot in a channel in which a former session left it, such as that of a process that was killed. */
  isGhost(guild: Guild): boolean {
    const own = this.ownState(guild);
    return own !== null && own.sessionId !== this.#ids.get(guild.shardId);
  }

  /** The server can be reached: Discord has no outage there, and the gateway is connected. */
  reaches(guild: Guild): boolean {
    return guild.available && this.#client.ws.shards.get(guild.shardId)?.status === Status.Ready;
  }

  /** Takes the bot out of whatever voice channel Discord shows it in. (Discord, "Gateway Events": Update Voice State.) */
  leaveVoice(guild: Guild): void {
    const nowhere = { guild_id: guild.id, channel_id: null, self_mute: false, self_deaf: false };
    guild.shard.send({ op: GatewayOpcodes.VoiceStateUpdate, d: nowhere });
  }

  /** The bot's own state changed: it warns where that was another program's doing. */
  ownStateChanged(guild: Guild): void {
    if (!this.isGhost(guild) || performance.now() - this.#warnedAt < WARN_MS) return;
    this.#warnedAt = performance.now();
    this.#log.warn(
      { guildId: guild.id },
      'another program uses the same DISCORD_TOKEN and joins voice channels: stop it, or people hear everything twice',
    );
  }
}
