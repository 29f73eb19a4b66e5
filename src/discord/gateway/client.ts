import { Client, GatewayIntentBits, type GuildMember, IntentsBitField, Options } from 'discord.js';
import type { Logger } from '../../log.ts';
import { followClockSteps } from './clock-steps.ts';
import { IdentifyPace } from './identify-pace.ts';
import { type ShardManager, WatchedStrategy } from './watched-strategy.ts';
import { walled, wallListeners } from '../../walls.ts';

/** Members and users kept besides those in voice; their names come anew with each message. */
const MAX_MEMBERS = 100;
const MAX_USERS = 2_000;

/**
 * After READY the gateway tells of all servers that it can reach, one after another. When none has come for so long,
 * the others have an outage, and nobody waits for them. (The library would wait for 15 s.)
 */
const GUILDS_WITHIN_MS = 3_000;

const { Guilds, GuildMessages, GuildVoiceStates, MessageContent } = GatewayIntentBits;

/** A client, and what it has of the one intent that Discord may refuse. */
export interface GatewayClient {
  readonly client: Client;
  /** It asks for what people write (Discord, "Message Content Intent"). */
  readonly seesContent: boolean;
  /** Whether the gateway works, and in words what it is doing. */
  readonly health: { ok: boolean; detail: string };
  /** From the next log-in on it does not: messages come without words, but for those that mention the bot. */
  goWithoutContent(): void;
}

export interface ClientOptions {
  /** REST base, without the version. */
  readonly apiUrl: string;
  /** The gateway was away for so long that this process is to give up. */
  readonly onLost: () => void;
  readonly log: Logger;
  /** The process ends. */
  readonly signal: AbortSignal;
}

/** A gateway client with the intents that joining and reading need, caching nothing that is not used. */
export function createClient({ apiUrl, onLost, log, signal }: ClientOptions): GatewayClient {
  let manager: ShardManager | undefined;
  let strategy: WatchedStrategy | undefined;
  let seesContent = true;
  const client = new Client({
    intents: [Guilds, GuildVoiceStates, GuildMessages, MessageContent],
    shards: 'auto',
    allowedMentions: { parse: [] },
    waitGuildTimeout: GUILDS_WITHIN_MS,
    rest: { api: apiUrl },
    ws: {
      buildStrategy(built) {
        manager = built; // it holds the intents, and is handed out only here
        strategy = new WatchedStrategy(built, { onLost, log, signal });
        return strategy;
      },
      buildIdentifyThrottler: built => identifyPace(built, log),
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
    goWithoutContent() {
      seesContent = false;
      const intents = new IntentsBitField(client.options.intents).remove(MessageContent).freeze();
      client.options.intents = intents;
      if (manager) manager.options.intents = intents.bitfield;
    },
  };
}

/** What the library makes of an event of the gateway; those that came before it was ready it looks at later. */
function wallPackets(client: Client, log: Logger): void {
  const manager = client.ws as unknown as { handlePacket(packet?: { t: string }, shard?: unknown): unknown };
  const { handlePacket } = manager;
  manager.handlePacket = (packet, shard) =>
    walled(log, `packet ${packet?.t}`, () => handlePacket.call(manager, packet, shard));
}

/** Identifying is rationed by Discord: how much is left stands in the log whenever it is done again. */
function identifyPace(manager: ShardManager, log: Logger): IdentifyPace {
  const limits = async (anew: boolean) => (await manager.fetchGatewayInformation(anew)).session_start_limit;
  return new IdentifyPace({
    concurrency: async () => (await limits(false)).max_concurrency,
    onIdentify(shard, times) {
      if (times === 1) return; // told at the log-in
      limits(true).then(
        ({ remaining, total }) => log.warn({ shard, times, remaining, total }, 'identifying anew'),
        (error: unknown) => log.warn({ shard, times, err: error }, 'identifying anew'),
      );
    },
  });
}

/** The library finds its own voice state only while it knows its own member; those in voice are company. */
function isNeeded(member: GuildMember): boolean {
  return member.id === member.client.user.id || member.voice.channelId !== null;
}
