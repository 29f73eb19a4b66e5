import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  type GatewayChannelInfoDispatchData,
  GatewayDispatchEvents,
  type GatewayGuildCreateDispatchData,
  GatewayOpcodes,
  type GatewayVoiceChannelStatusUpdateDispatchData,
  type Guild,
} from 'discord.js';
import type { Logger } from '../../log.ts';
import { insist } from '../../walls.ts';

// Remembers the statuses of voice channels (the texts below their names) that Discord has told. `channel-statuses.ts`
// needs them, to put a former status back and to notice what other people have set.

/** Discord answers within this time what the statuses of a guild are. */
const ANSWER_MS = 2_000;

/**
 * The library passes on no event about statuses, so these are taken from the gateway itself (Discord, "Gateway Events":
 * Voice Channel Status Update, Request Channel Info).
 */
export class ToldStatuses {
  readonly #log: Logger;
  /** By channel id; null for a channel that has none. */
  readonly #statuses = new Map<string, string | null>();
  /** How often Discord has told of a change, by channel id. */
  readonly #counts = new Map<string, number>();
  /** Who waits for Discord's answer, by guild id. */
  readonly #asked = new Map<string, PromiseWithResolvers<void>>();
  /** Whether Discord has left a question unanswered; it is not asked again then. */
  #isSilent = false;

  /** `onChange` is called with the id of a guild in which a status has changed. */
  constructor(client: Client, onChange: (guildId: string) => void, log: Logger) {
    this.#log = log;
    const { ws } = client;
    const Event = GatewayDispatchEvents;
    ws.on(Event.VoiceChannelStatusUpdate, (update: GatewayVoiceChannelStatusUpdateDispatchData) =>
      insist(log, 'a status', () => {
        this.#statuses.set(update.id, update.status || null);
        this.#counts.set(update.id, this.count(update.id) + 1);
        onChange(update.guild_id);
      }),
    );
    ws.on(Event.ChannelInfo, ({ guild_id: guildId, channels }: GatewayChannelInfoDispatchData) =>
      insist(log, 'statuses', () => {
        for (const { id, status } of channels) this.#statuses.set(id, status || null);
        this.#asked.get(guildId)?.resolve();
      }),
    );
    // Discord does not promise that channels are told with their statuses; where they are, nobody has to ask.
    ws.on(Event.GuildCreate, ({ channels = [] }: Partial<Pick<GatewayGuildCreateDispatchData, 'channels'>>) =>
      insist(log, 'statuses', () => {
        for (const channel of channels) this.#learn(channel);
      }),
    );
    ws.on(Event.ChannelUpdate, (channel: object) => insist(log, 'a status', () => this.#learn(channel)));
    ws.on(Event.ChannelDelete, ({ id }: { readonly id: string }) => {
      this.#statuses.delete(id);
      this.#counts.delete(id);
    });
  }

  /** The status of a channel: null if it has none, undefined if that is not known. */
  of(channelId: string): string | null | undefined {
    return this.#statuses.get(channelId);
  }

  /** How often Discord has told that the status of a channel has changed. */
  count(channelId: string): number {
    return this.#counts.get(channelId) ?? 0;
  }

  /** Notes the status that the bot has just given to a channel. */
  set(channelId: string, status: string | null): void {
    this.#statuses.set(channelId, status);
  }

  /**
   * Asks Discord for the statuses of a guild if that of this channel is not known. Resolves when it has answered, or
   * after two seconds: the channel is then taken to have none. Never rejects.
   */
  async learn(guild: Guild, channelId: string): Promise<void> {
    if (this.#statuses.has(channelId)) return;
    if (!this.#isSilent) await this.#ask(guild);
    if (!this.#statuses.has(channelId)) this.#statuses.set(channelId, null);
  }

  async #ask(guild: Guild): Promise<void> {
    const asked = this.#asked.get(guild.id) ?? Promise.withResolvers<void>();
    try {
      if (!this.#asked.has(guild.id)) {
        this.#asked.set(guild.id, asked);
        const d = { guild_id: guild.id, fields: ['status'] };
        guild.shard.send({ op: GatewayOpcodes.RequestChannelInfo, d });
      }
      const isAnswered = await Promise.race([
        asked.promise.then(() => true),
        sleep(ANSWER_MS, false, { ref: false }),
      ]);
      if (!isAnswered) this.#isSilent = true;
    } catch (error) {
      this.#log.warn({ guildId: guild.id, err: error }, 'statuses of voice channels are not known');
    } finally {
      this.#asked.delete(guild.id);
    }
  }

  #learn(channel: object): void {
    if (!('id' in channel) || typeof channel.id !== 'string' || !('status' in channel)) return;
    const { id, status } = channel;
    this.#statuses.set(id, typeof status === 'string' && status !== '' ? status : null);
  }
}
