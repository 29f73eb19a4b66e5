import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Guild, VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Stay, Store } from '../../store/store.ts';
import { companyIn } from './channels.ts';
import type { GatewaySessions } from '../gateway/gateway-sessions.ts';
import { JoinPace } from './join-pace.ts';
import type { Calls } from './calls.ts';
import { later } from '../../walls.ts';

/**
 * While the database does not say where the bot is wanted, it is asked again after pauses that double up to the
 * longest.
 */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** When a voice channel could not be joined, the bot tries again after each of these pauses, and then gives up. */
const TRY_AGAIN_MS = [5_000, 15_000, 45_000, 120_000];

export interface ReturnsOptions {
  readonly client: Client;
  readonly gateway: GatewaySessions;
  readonly calls: Pick<Calls, 'session' | 'comeBack' | 'giveUpComingBack'>;
  readonly store: Pick<Store, 'guild' | 'stays'>;
  /** Aborted when the process ends; after that the bot comes back to no channel. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * Brings the bot back to the voice channels where it is wanted: after the start of the process, after an outage of
 * Discord, and after a gateway session was lost. Where Discord still shows the bot in a channel to which another gateway
 * session had brought it (a "ghost"), and it is not wanted there, it leaves that channel. It comes back without telling people, and not to all channels at once: see
 * `JoinPace`.
 */
export class Returns {
  readonly #options: ReturnsOptions;
  readonly #pace: JoinPace;
  /** The guilds for which the database must still say where the bot is wanted, by guild id. */
  readonly #asked = new Map<string, Guild>();
  /** Whether `#ask` is running. */
  #asking = false;
  /**
   * The stays in channels without people, by guild id. The bot comes as soon as somebody enters; when the timer ends
   * first, it is no longer wanted there.
   */
  readonly #deserted = new Map<string, { readonly stay: Stay; readonly timer: NodeJS.Timeout }>();
  /** By guild id: how many joins have failed since the last one that succeeded. */
  readonly #failures = new Map<string, number>();

  constructor(options: ReturnsOptions) {
    this.#options = options;
    this.#pace = new JoinPace(options.signal);
  }

  /**
   * To be called when the gateway has sent the full state of these guilds. Finds out where the bot is wanted, and has
   * each session join again if Discord no longer shows the bot in its channel. Never throws.
   */
  look(guilds: Iterable<Guild>): void {
    const { gateway, calls } = this.#options;
    for (const guild of guilds) {
      if (!gateway.reaches(guild)) continue;
      const session = calls.session(guild.id);
      const own = gateway.ownState(guild);
      if (!session) {
        this.#asked.set(guild.id, guild);
      } else if (!session.isAt(own)) {
        // Every such session is held first, because otherwise all of them would join again by themselves at the same
        // moment. Then they are released one after another.
        session.hold(own !== null);
        this.#inTurn(guild, own ? 2 : 1, () => session.rejoin());
      }
    }
    void this.#ask();
  }

  /**
   * To be called when a gateway session has been resumed. While it was interrupted the bot could not come back, so the
   * guilds without a session are looked at again. Never throws.
   */
  lookAgain(guilds: Iterable<Guild>): void {
    for (const guild of guilds) if (this.#isFree(guild)) this.#asked.set(guild.id, guild);
    void this.#ask();
  }

  /** To be called when somebody entered or left a voice channel of the guild. */
  companyChanged(guild: Guild): void {
    const deserted = this.#deserted.get(guild.id);
    if (!deserted || this.#humansAt(guild, deserted.stay) === 0) return;
    this.#forgetDeserted(guild.id);
    void this.#consider(guild, deserted.stay);
  }

  /** Asks the database where the bot is wanted, until it has answered for all guilds in `#asked`. Never rejects. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const { store, signal, log } = this.#options;
    try {
      for (let pause = FIRST_PAUSE_MS; this.#asked.size > 0; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        const guilds = [...this.#asked.values()];
        try {
          const stays = await store.stays.of(guilds.map(({ id }) => id));
          const byGuild = new Map(stays.map(stay => [stay.guildId, stay]));
          for (const guild of guilds) {
            this.#asked.delete(guild.id);
            void this.#consider(guild, byGuild.get(guild.id) ?? null);
          }
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          log.warn({ pauseMs: pause }, 'the database does not say where the bot is wanted: asking again');
          await sleep(pause, undefined, { signal });
        }
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'it is not known where the bot is wanted');
    } finally {
      this.#asking = false;
    }
  }

  /**
   * Decides what to do in a guild: come back to where the bot is wanted, which is `stay`; wait until people are
   * there; or leave as a ghost. `stay` is null when the bot is wanted nowhere in the guild. Never rejects.
   */
  async #consider(guild: Guild, stay: Stay | null): Promise<void> {
    const { gateway, store, log } = this.#options;
    try {
      const channel = guild.channels.cache.get(stay?.channelId ?? '');
      if (!stay || !channel?.isVoiceBased()) {
        if (stay) this.#giveUp(stay, 'the channel is gone');
        if (gateway.isGhost(guild)) this.#inTurn(guild, 1, () => this.#leaveGhost(guild));
        return;
      }
      const { settings } = await store.guild(guild.id);
      if (!this.#isFree(guild) || this.#deserted.has(guild.id)) return;
      if (this.#humansAt(guild, stay) > 0) {
        const stale = gateway.ownState(guild)?.channelId === channel.id;
        this.#inTurn(guild, stale ? 2 : 1, () => this.#comeBack(channel, stay));
        return;
      }
      if (gateway.isGhost(guild)) this.#inTurn(guild, 1, () => this.#leaveGhost(guild));
      const ms = settings.leaveAfter * 1_000;
      const timer = later(log, 'nobody came', ms, () => this.#onDeserted(guild, stay)).unref();
      this.#deserted.set(guild.id, { stay, timer });
    } catch (error) {
      log.error({ guildId: guild.id, err: error }, 'coming back failed');
    }
  }

  #comeBack(channel: VoiceBasedChannel, stay: Stay): void {
    const { gateway, calls, log } = this.#options;
    const { guild } = channel;
    if (!this.#isFree(guild)) return;
    if (this.#humansAt(guild, stay) === 0) return void this.#consider(guild, stay);
    const session = calls.comeBack(channel, stay);
    if (!session) {
      this.#failures.delete(guild.id);
      if (gateway.isGhost(guild)) this.#leaveGhost(guild);
      return;
    }
    session.joined.then(
      () => {
        this.#failures.delete(guild.id);
        log.info({ guildId: guild.id, channelId: channel.id }, 'back in the voice channel');
      },
      (error: unknown) => this.#tryAgain(guild, stay, error),
    );
  }

  /** Gives a stay up because nobody came to its channel for as long as the bot would stay there without people. */
  #onDeserted(guild: Guild, stay: Stay): void {
    this.#deserted.delete(guild.id);
    if (!this.#options.calls.session(guild.id)) this.#giveUp(stay, 'nobody is there');
  }

  #giveUp(stay: Stay, why: string): void {
    const { guildId, channelId } = stay;
    this.#options.store.stays.forget(guildId);
    this.#options.log.info({ guildId, channelId, why }, 'does not come back to a voice channel');
  }

  /**
   * Plans the next try after the bot could not join because of `error`, or gives up after the last one. Never throws.
   */
  #tryAgain(guild: Guild, stay: Stay, error: unknown): void {
    const { calls, signal, log } = this.#options;
    const failures = this.#failures.get(guild.id) ?? 0;
    const pauseMs = TRY_AGAIN_MS[failures];
    log.warn({ guildId: guild.id, channelId: stay.channelId, pauseMs, err: error }, 'could not come back');
    if (pauseMs === undefined) {
      this.#failures.delete(guild.id);
      calls.giveUpComingBack(guild, stay, error instanceof UserError ? error : new UserError('sorry'));
      return;
    }
    this.#failures.set(guild.id, failures + 1);
    later(log, 'coming back', pauseMs, () => {
      if (!signal.aborted) this.look([guild]);
    }).unref();
  }

  #leaveGhost(guild: Guild): void {
    const { gateway, log } = this.#options;
    if (!this.#isFree(guild) || !gateway.isGhost(guild)) return;
    gateway.leaveVoice(guild);
    log.info({ guildId: guild.id }, 'left a voice channel in which a former process had left the bot');
  }

  /** Runs `task`, which sends `messages` messages to the guild's shard, as soon as the pace allows that many. */
  #inTurn(guild: Guild, messages: number, task: () => void): void {
    const { log, signal } = this.#options;
    this.#pace
      .turn(guild.shardId, messages)
      .then(task)
      .catch((error: unknown) => {
        if (!signal.aborted) log.error({ guildId: guild.id, err: error }, 'coming back failed');
      });
  }

  /**
   * Whether the bot may still come back by itself: the guild can be reached, and has no session that somebody opened.
   */
  #isFree(guild: Guild): boolean {
    const { gateway, calls, signal } = this.#options;
    return !signal.aborted && gateway.reaches(guild) && calls.session(guild.id) === undefined;
  }

  #humansAt(guild: Guild, { channelId }: Stay): number {
    return companyIn(this.#options.client, guild, channelId).humans;
  }

  #forgetDeserted(guildId: string): void {
    clearTimeout(this.#deserted.get(guildId)?.timer);
    this.#deserted.delete(guildId);
  }
}
