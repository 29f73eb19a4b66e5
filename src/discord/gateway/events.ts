import {
  Events,
  GatewayDispatchEvents,
  type GatewayMessageDeleteBulkDispatchData,
  type GatewayMessageDeleteDispatchData,
  type GatewayMessageUpdateDispatchData,
  type GatewayReadyDispatchData,
  type Interaction,
  MessageFlags,
} from 'discord.js';
import { LRUCache } from 'lru-cache';
import { translator } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import type { Store } from '../../store/store.ts';
import { insist, walled } from '../../walls.ts';
import type { Reader } from '../chat/reader.ts';
import type { CommandIds } from '../interaction/command-ids.ts';
import { invitation } from '../invitation.ts';
import { madeMessage } from '../made-message.ts';
import type { GatewayClient } from './client.ts';
import { answerInteraction, type InteractionOptions } from './interactions.ts';
import {
  isAboutIntents,
  mayGoWithoutContent,
  type RefusedError,
  refusal,
  refusalOf,
  shardRefusalOf,
} from './login.ts';
import { registerCommands, untilRegistered } from './register.ts';

// Connects Discord's events to what handles them: commands and buttons, chat, deleted messages, guilds that come and
// go, and shards that Discord refuses. Events about voice channels and permissions are in `presence-events.ts`.

/**
 * After a resume the gateway may deliver an event twice. An interaction is remembered for this long, to answer it
 * once.
 */
const REPLAY_MS = 600_000;
const MAX_REMEMBERED = 10_000;

export interface WireOptions extends InteractionOptions {
  readonly gateway: GatewayClient;
  readonly commandIds: CommandIds;
  readonly reader: Reader;
  readonly store: Pick<Store, 'guildLeft' | 'guildPresent' | 'guildsCounted'>;
  /** Called when Discord refuses the bot in a way that only its operator can correct; the process then ends. */
  readonly onRefused: (error: RefusedError) => void;
  /** Called when the gateway has closed for good, with its close code. */
  readonly onLost: (code: number) => void;
  /** Called when the gateway has closed a shard but may accept a new log-in, without the intent that it refused. */
  readonly onAgain: (shardId: number) => void;
  /**
   * Whether a shard has asked for the content of messages, although the client no longer does: another shard was
   * refused it meanwhile.
   */
  readonly asksForTooMuch: (shardId: number) => boolean;
  /** Whether shards log in after `login` has ended, so that it hears of no refusal. */
  readonly shardsComeLater: boolean;
  /** Whether the operator has said how many shards the bot has. */
  readonly shardsAreNamed: boolean;
}

/** Begins to listen to the client's events. Call this once, before the client logs in. */
export function wire(options: WireOptions): void {
  wireInteractions(options);
  wireMessages(options);
  wireGuilds(options);
  wireLogin(options);
}

/** Commands, menus, buttons and forms. */
function wireInteractions(options: WireOptions): void {
  const { client } = options.gateway;
  const { log } = options;
  const seen = new LRUCache<string, true>({ max: MAX_REMEMBERED, ttl: REPLAY_MS });
  client.on(Events.InteractionCreate, interaction => {
    if (seen.has(interaction.id)) return;
    seen.set(interaction.id, true);
    void walled(
      log,
      'interaction',
      () => answerInteraction(interaction, options),
      () => void apologise(interaction, log),
    );
  });
}

/** Chat: what is written, and what is deleted. */
function wireMessages({ gateway: { client }, reader, log }: WireOptions): void {
  client.on(Events.MessageCreate, message => {
    if (message.inGuild()) void walled(log, 'a message', () => reader.read(message));
  });

  // A bot that was "thinking" puts its answer into that message by an edit.
  client.ws.on(GatewayDispatchEvents.MessageUpdate, (edited: GatewayMessageUpdateDispatchData) => {
    const channel = reader.awaits(edited.id) && client.channels.cache.get(edited.channel_id);
    if (channel && channel.isTextBased() && !channel.isDMBased())
      void walled(log, 'an answer of a bot', () => reader.read(madeMessage(channel, edited)));
  });

  // Deletions are taken from the gateway itself. The library reports them only for messages that it keeps in memory,
  // and here it keeps none.
  client.ws.on(GatewayDispatchEvents.MessageDelete, (gone: GatewayMessageDeleteDispatchData) => {
    const { id, guild_id: guildId, channel_id: channelId } = gone;
    if (guildId !== undefined) insist(log, 'a deletion', () => reader.deleted([id], guildId, channelId));
  });
  client.ws.on(GatewayDispatchEvents.MessageDeleteBulk, (gone: GatewayMessageDeleteBulkDispatchData) => {
    const { ids, guild_id: guildId, channel_id: channelId } = gone;
    if (guildId !== undefined) insist(log, 'deletions', () => reader.deleted(ids, guildId, channelId));
  });
  client.on(Events.ChannelDelete, channel => {
    if (channel.isDMBased()) return;
    const threads = 'threads' in channel ? [...channel.threads.cache.keys()] : [];
    reader.channelDeleted(channel.guildId, [channel.id, ...threads]);
  });
  client.on(Events.ThreadDelete, ({ id, guildId }) => reader.channelDeleted(guildId, [id]));
}

/** The guilds that invite the bot or send it away. */
function wireGuilds({ gateway: { client }, services, store, log }: WireOptions): void {
  const failed = (error: unknown) => log.warn({ err: error }, 'that a server came or went was not noted');
  client.on(Events.GuildDelete, guild => {
    log.info({ guildId: guild.id, servers: client.guilds.cache.size }, 'a server has sent the bot away');
    void store.guildLeft(guild.id).catch(failed);
  });
  // The library emits this event when a guild invites the bot, and not for the guilds of a new session or after
  // outages.
  client.on(Events.GuildCreate, guild => {
    log.info({ guildId: guild.id, servers: client.guilds.cache.size }, 'a server has invited the bot');
    void store.guildPresent([guild.id]).catch(failed);
    void services.welcome.greet(guild).catch(failed);
  });

  // Each new session of a shard names all guilds of the bot, also those with an outage. The bot has left any guild
  // that is not named, either before this process began or between two sessions.
  client.ws.on(GatewayDispatchEvents.Ready, ({ guilds, shard }: GatewayReadyDispatchData) => {
    const census = { guildIds: guilds.map(({ id }) => id), covers: (id: string) => isOfShard(id, shard) };
    void walled(log, 'servers counted', () => store.guildsCounted(census).catch(failed));
  });
}

/** The log-in: the bot is ready and registers its commands, or a shard is refused. */
function wireLogin(options: WireOptions): void {
  const { gateway, commands, commandIds, log } = options;
  const { client } = gateway;
  client.once(Events.ClientReady, ready => {
    const guildIds = [...ready.guilds.cache.keys()];
    log.info({ guilds: guildIds.length, shards: ready.ws.shards.size }, 'connected to Discord');
    if (guildIds.length === 0) {
      log.info(
        { invite: invitation(ready.application.id) },
        'in no server yet: open this link to invite the bot',
      );
    }
    untilRegistered(() => registerCommands(ready.rest, ready.application.id, commands), log).then(
      ({ changed, registered }) => {
        commandIds.learn(registered);
        log.info({ changed }, 'commands registered');
      },
      (error: unknown) => log.error({ err: error }, 'commands not registered'),
    );
  });

  client.on(Events.ShardDisconnect, ({ code }, shardId) => {
    const refused = refusalOf(code);
    const shardsRefused = options.shardsAreNamed ? shardRefusalOf(code) : undefined;
    if (shardsRefused) options.onRefused(shardsRefused);
    else if (!refused)
      options.onLost(code); // The library emits this event only for codes after which it does not connect again.
    else if (!options.shardsComeLater && !client.isReady() && gateway.seesContent)
      return; // `login` handles it, because the log-in fails with the same refusal.
    else if (mayGoWithoutContent(gateway, refused, log)) options.onAgain(shardId);
    else if (isAboutIntents(refused) && options.asksForTooMuch(shardId)) options.onAgain(shardId);
    else options.onRefused(refused);
  });
  client.on(Events.ShardError, error => {
    if (!refusal(error)) log.warn({ err: error }, 'gateway error');
  });
  client.on(Events.Error, error => log.error({ err: error }, 'Discord client error'));
}

/**
 * Whether a guild belongs to a shard, given as the shard's number and the count of shards (Discord, "Gateway",
 * Sharding).
 */
function isOfShard(guildId: string, [shard, shards]: readonly [number, number] = [0, 1]): boolean {
  // Zero means that the id is no guild's: the store also has rows for people who used the bot outside of guilds.
  const createdAt = /^\d+$/.test(guildId) ? BigInt(guildId) >> 22n : 0n;
  return createdAt > 0n && Number(createdAt % BigInt(shards)) === shard;
}

/**
 * Apologises to somebody whose interaction failed outside of `dispatch`, if it can still be answered. Never rejects.
 */
async function apologise(interaction: Interaction, log: Logger): Promise<void> {
  if (!interaction.isRepliable() || interaction.replied || interaction.deferred) return;
  const content = translator(interaction.locale)('sorry');
  await interaction
    .reply({ content, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } })
    .catch((error: unknown) => log.warn({ err: error }, 'an apology was not delivered'));
}
