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

/** A database that cannot say where the bot is wanted is asked again, in pauses from the first to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** A voice channel that could not be joined is tried again after each of these, and then given up. */
const TRY_AGAIN_MS = [5_000, 15_000, 45_000, 120_000];

export interface ReturnsOptions {
  readonly client: Client;
  readonly gateway: GatewaySessions;
  readonly calls: Pick<Calls, 'session' | 'comeBack' | 'notBack'>;
  readonly store: Pick<Store, 'guild' | 'stays'>;
  /** The process ends: the bot comes back nowhere any more. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * Brings the bot back to where it is wanted, after the start of the process and whenever the gateway tells of servers
 * anew: after a session that was lost, or an outage. Where Discord shows the bot although it is not wanted there, it
 * leaves. Coming back is silent, and takes its turn: see `JoinPace`.
 */
export class Returns {
  readonly #options: ReturnsOptions;
  readonly #pace: JoinPace;
  /** Of these servers the database is to say where the bot is wanted there. */
  readonly #asked = new Map<string, Guild>();
  #asking = false;
  /** The bot is wanted in a channel without people: it comes if somebody enters before the timer ends. */
  readonly #deserted = new Map<string, { readonly stay: Stay; readonly timer: NodeJS.Timeout }>();
  /** Joins that failed, by server, since the last that did not. */
  readonly #failures = new Map<string, number>();

  constructor(options: ReturnsOptions) {
    this.#options = options;
    this.#pace = new JoinPace(options.signal);
  }

  /** The gateway has told all about these servers. Never throws. */
  look(guilds: Iterable<Guild>): void {
    const { gateway, calls } = this.#options;
    for (const guild of guilds) {
      if (!gateway.reaches(guild)) continue;
      const session = calls.session(guild.id);
      const own = gateway.ownState(guild);
      if (!session) {
        this.#asked.set(guild.id, guild);
      } else if (!session.isAt(own)) {
        // All at once are held, lest each re-joins by itself at the same moment; then one after another is let go.
        session.hold(own !== null);
        this.#inTurn(guild, own ? 2 : 1, () => session.rejoin());
      }
    }
    void this.#ask();
  }

  /** The gateway's session goes on after a break, in which nobody could come back. Never throws. */
  lookAgain(guilds: Iterable<Guild>): void {
    for (const guild of guilds) if (this.#isFree(guild)) this.#asked.set(guild.id, guild);
    void this.#ask();
  }

  /** Somebody entered or left a voice channel. */
  companyChanged(guild: Guild): void {
    const deserted = this.#deserted.get(guild.id);
    if (!deserted || this.#humansAt(guild, deserted.stay) === 0) return;
    this.#forgetDeserted(guild.id);
    void this.#consider(guild, deserted.stay);
  }

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

  /** `stay`: where the bot is wanted; null: nowhere. Never rejects. */
  async #consider(guild: Guild, stay: Stay | null): Promise<void> {
    const { gateway, store, log } = this.#options;
    try {
      const channel = guild.channels.cache.get(stay?.channelId ?? '');
      if (!stay || !channel?.isVoiceBased()) {
        if (stay) this.#giveUp(stay, 'the channel is gone');
        if (gateway.isGhost(guild)) this.#inTurn(guild, 1, () => this.#leaveGhost(guild));
        return;
      }
      const { settings } = await store.guild(guild.id); // it is read again by whoever reads chat
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

  /** Nobody came to the channel for as long as the bot stays in one without people. */
  #onDeserted(guild: Guild, stay: Stay): void {
    this.#deserted.delete(guild.id);
    if (!this.#options.calls.session(guild.id)) this.#giveUp(stay, 'nobody is there');
  }

  #giveUp(stay: Stay, why: string): void {
    const { guildId, channelId } = stay;
    this.#options.store.stays.forget(guildId);
    this.#options.log.info({ guildId, channelId, why }, 'does not come back to a voice channel');
  }

  /** Never throws. `error`: why the bot could not join. */
  #tryAgain(guild: Guild, stay: Stay, error: unknown): void {
    const { calls, signal, log } = this.#options;
    const failures = this.#failures.get(guild.id) ?? 0;
    const pauseMs = TRY_AGAIN_MS[failures];
    log.warn({ guildId: guild.id, channelId: stay.channelId, pauseMs, err: error }, 'could not come back');
    if (pauseMs === undefined) {
      this.#failures.delete(guild.id);
      calls.notBack(guild, stay, error instanceof UserError ? error : new UserError('sorry'));
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

  /** Does `task` when so many messages may be sent to the server's shard. */
  #inTurn(guild: Guild, messages: number, task: () => void): void {
    const { log, signal } = this.#options;
    this.#pace
      .turn(guild.shardId, messages)
      .then(task)
      .catch((error: unknown) => {
        if (!signal.aborted) log.error({ guildId: guild.id, err: error }, 'coming back failed');
      });
  }

  /** Nobody has brought the bot somewhere in the server meanwhile, and it can be reached. */
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
