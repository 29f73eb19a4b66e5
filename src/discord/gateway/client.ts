import {
  Client,
  GatewayIntentBits,
  type GuildMember,
  IntentsBitField,
  Options,
  type RESTGetAPIGatewayBotResult,
  Routes,
} from 'discord.js';
import type { Logger } from '../../log.ts';
import type { ProcessShards } from '../../shards/process-shards.ts';
import { walled, wallListeners } from '../../walls.ts';
import { followClockSteps } from './clock-steps.ts';
import { type Packet, withoutGaps } from './event-gaps.ts';
import { IdentifyPace, type IdentifyPaceOptions } from './identify-pace.ts';
import { type ShardManager, WatchedStrategy, type WatchedStrategyOptions } from './watched-strategy.ts';

// Makes the discord.js client: which events the bot asks Discord for, what is kept in memory, and how its shards (its
// connections, each for a part of the guilds) log in. `login.ts` logs in with it, `events.ts` listens to it.

/**
 * How many members a guild keeps in memory besides those in voice channels, and how many users the process keeps. Few
 * are enough, because every message brings its author's name with it.
 */
const MAX_MEMBERS = 100;
const MAX_USERS = 2_000;

/**
 * After its READY event the gateway sends the guilds that it can reach, one after another. When none has come for this
 * long, the missing guilds have an outage, and the bot starts without them. The library would wait for 15 s.
 */
const GUILDS_WITHIN_MS = 3_000;

/** The figures before the first log-in has begun. */
const NO_FIGURES = { shards: { idle: 0, connecting: 0, resuming: 0, ready: 0 }, reconnects: 0 };

const { Guilds, GuildMessages, GuildVoiceStates, MessageContent } = GatewayIntentBits;

/** The gateway client, together with the one intent that Discord may refuse to it. */
export interface GatewayClient {
  readonly client: Client;
  /** Whether the client asks Discord for the content of messages (Discord, "Message Content Intent"). */
  readonly seesContent: boolean;
  /** `ok` tells whether the gateway works, and `detail` says in English what it is doing. */
  readonly health: { ok: boolean; detail: string };
  /** How many shards are in each state, and how often they have connected again since the process began. */
  readonly figures: WatchedStrategy['figures'] & {
    /** The guilds that Discord has told of. */
    readonly guilds: number;
    /** The round-trip time of the gateway's heartbeat in milliseconds; null before the first one was answered. */
    readonly pingMs: number | null;
  };
  /**
   * The next log-in is one without any shard, for a bot that has `count` shards in all its processes. Shards are then
   * added one by one.
   */
  startWithout(count: number): void;
  /** How many shards Discord recommends. Rejects with the error of Discord's REST API. */
  recommendedShards(token: string): Promise<number>;
  /** The library's strategy for shards, once the client has logged in. */
  readonly strategy: WatchedStrategy | undefined;
  /**
   * From the next log-in on, the client no longer asks for the content of messages. Discord then sends the words of a
   * message only when it mentions the bot.
   */
  goWithoutContent(): void;
}

export interface ClientOptions {
  /** The base address of Discord's REST API, without the version, such as `https://discord.com/api`. */
  readonly apiUrl: string;
  /** The shards with which the client logs in. */
  readonly shards: Pick<ProcessShards, 'named' | 'claim' | 'turn'>;
  /** Called when the gateway was away for so long that this process should give up. */
  readonly onLost: () => void;
  readonly log: Logger;
  /** Aborted when the process ends. */
  readonly signal: AbortSignal;
}

/**
 * Creates the gateway client. It has only the intents that are needed to join voice channels and to read chat, and
 * keeps nothing in memory that the bot does not use. It does not log in by itself.
 */
export function createClient({ apiUrl, shards, onLost, log, signal }: ClientOptions): GatewayClient {
  const { named } = shards;
  const claim: WatchedStrategyOptions['claim'] = (ids, count) => shards.claim(ids, count);
  let manager: ShardManager | undefined;
  let strategy: WatchedStrategy | undefined;
  let seesContent = true;
  const client = new Client({
    intents: [Guilds, GuildVoiceStates, GuildMessages, MessageContent],
    ...(named ? { shards: [...named.ids], shardCount: named.count } : { shards: 'auto' }),
    allowedMentions: { parse: [] },
    waitGuildTimeout: GUILDS_WITHIN_MS,
    rest: { api: apiUrl },
    ws: {
      buildStrategy(built) {
        manager = built; // The manager holds the intents, and the library gives access to it only here.
        strategy = new WatchedStrategy(built, { claim, onLost, log, signal });
        return strategy;
      },
      buildIdentifyThrottler: built =>
        identifyPace(built, (place, aborted) => shards.turn(place, aborted), log),
    },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      GuildStickerManager: 0,
      GuildInviteManager: 0,
      GuildBanManager: 0,
      GuildMemberManager: { maxSize: MAX_MEMBERS, keepOverLimit: isNeeded },
      UserManager: { maxSize: MAX_USERS, keepOverLimit: user => user.id === user.client.user.id },
    }),
  });
  wallListeners(client, log, 'client');
  wallListeners(client.ws, log, 'gateway');
  wallPackets(client, log);
  followClockSteps({ rest: client.rest, shift: byMs => strategy?.shiftTimes(byMs), log, signal });
  return {
    client,
    get seesContent() {
      return seesContent;
    },
    get health() {
      return strategy?.health ?? { ok: false, detail: 'not connected to Discord yet' };
    },
    get figures() {
      const { shards: states, reconnects } = strategy?.figures ?? NO_FIGURES;
      return { shards: states, reconnects, guilds: client.guilds.cache.size, pingMs: pingOf(client) };
    },
    async recommendedShards(token) {
      const answer = (await client.rest
        .setToken(token)
        .get(Routes.gatewayBot())) as RESTGetAPIGatewayBotResult;
      return answer.shards;
    },
    startWithout(count) {
      client.options.shards = [];
      client.options.shardCount = count;
    },
    get strategy() {
      return strategy;
    },
    goWithoutContent() {
      seesContent = false;
      const intents = new IntentsBitField(client.options.intents).remove(MessageContent).freeze();
      client.options.intents = intents;
      if (manager) manager.options.intents = intents.bitfield;
    },
  };
}

/**
 * Returns the round-trip time of the gateway's heartbeat in milliseconds, the mean of all shards that have measured it;
 * null before the first one was answered.
 */
function pingOf({ ws: { shards } }: Client): number | null {
  const pings = shards.map(({ ping }) => ping).filter(ping => ping >= 0);
  return pings.length > 0 ? pings.reduce((sum, ping) => sum + ping, 0) / pings.length : null;
}

/**
 * Puts a wall around the library's handling of each gateway event, so that an error there costs that one event, and
 * fills the gaps over which it would stumble. The library calls the same method again later for events that came before
 * it was ready.
 */
function wallPackets(client: Client, log: Logger): void {
  const manager = client.ws as unknown as { handlePacket(packet?: Packet, shard?: unknown): unknown };
  const { handlePacket } = manager;
  manager.handlePacket = (packet, shard) =>
    walled(log, `packet ${packet?.t}`, () => handlePacket.call(manager, withoutGaps(packet), shard));
}

/**
 * Paces the library's Identify messages. Discord allows only so many of them a day, so each one after a shard's first
 * is logged with the number that is left.
 */
function identifyPace(manager: ShardManager, turn: IdentifyPaceOptions['turn'], log: Logger): IdentifyPace {
  const limits = async (anew: boolean) => (await manager.fetchGatewayInformation(anew)).session_start_limit;
  return new IdentifyPace({
    turn,
    concurrency: async () => (await limits(false)).max_concurrency,
    onIdentify(shard, times) {
      if (times === 1) return; // For the first one `WatchedStrategy` has logged how many are left.
      limits(true).then(
        ({ remaining, total }) => log.warn({ shard, times, remaining, total }, 'identifying anew'),
        (error: unknown) => log.warn({ shard, times, err: error }, 'identifying anew'),
      );
    },
  });
}

/**
 * Whether a member must stay in memory. The library finds the bot's voice state only while it knows the bot's own
 * member, and the members in voice channels are needed to tell people from bots there.
 */
function isNeeded(member: GuildMember): boolean {
  return member.id === member.client.user.id || member.voice.channelId !== null;
}
