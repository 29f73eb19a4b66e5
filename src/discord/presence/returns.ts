import type { Client, Guild, VoiceBasedChannel } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { Session } from '../../speech/session.ts';
import type { Stay } from '../../store/kept/kept-facts.ts';
import type { Store } from '../../store/store.ts';
import { later, walled } from '../../walls.ts';
import type { CatchUp } from '../chat/catch-up.ts';
import type { Calls } from './calls.ts';
import { companyIn } from './channels.ts';
import type { GatewaySessions } from './gateway-sessions.ts';
import { JoinPace } from './join-pace.ts';
import { StayQuestions } from './stay-questions.ts';

// Brings the bot back, without anybody asking, to the voice channels where it is wanted: after a restart, an outage of
// Discord, or a lost session. `stay-questions.ts` asks the database which these are, `join-pace.ts` spreads the joins.

/** When a voice channel could not be joined, the bot tries again after each of these pauses, and then gives up. */
const TRY_AGAIN_MS = [5_000, 15_000, 45_000, 120_000];

export interface ReturnsOptions {
  readonly client: Client;
  readonly gateway: GatewaySessions;
  readonly calls: Pick<Calls, 'session' | 'comeBack' | 'tell'>;
  readonly store: Pick<Store, 'guild' | 'stays'>;
  /** Reads what was missed in a guild that came from another process; null where there are no others. */
  readonly catchUp: Pick<CatchUp, 'comesBack'> | null;
  /** Aborted when the process ends; after that the bot comes back to no channel. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * Where Discord still shows the bot in a channel to which another gateway session had brought it (a "ghost"), and it is
 * not wanted there, it leaves that channel. It comes back without telling people.
 */
export class Returns {
  readonly #options: ReturnsOptions;
  readonly #pace: JoinPace;
  readonly #questions: StayQuestions;
  /**
   * The stays in channels without people, by guild id. The bot comes as soon as somebody enters; when the timer ends
   * first, it is no longer wanted there.
   */
  readonly #deserted = new Map<string, { readonly stay: Stay; readonly timer: NodeJS.Timeout }>();
  /** By guild id: how many joins have failed since the last one that succeeded. */
  readonly #failures = new Map<string, number>();

  constructor(options: ReturnsOptions) {
    this.#options = options;
    const { store, signal, log } = options;
    this.#pace = new JoinPace(signal);
    const onAnswer = (guild: Guild, stay: Stay | null) => void this.#consider(guild, stay);
    this.#questions = new StayQuestions({ stays: store.stays, onAnswer, signal, log });
  }

  /**
   * Call this when the gateway has sent the full state of these guilds. Finds out where the bot is wanted, and has
   * each session join again if Discord no longer shows the bot in its channel. Never throws.
   */
  look(guilds: Iterable<Guild>): void {
    const { gateway, calls } = this.#options;
    const free: Guild[] = [];
    for (const guild of guilds) {
      if (!gateway.reaches(guild)) continue;
      const session = calls.session(guild.id);
      const own = gateway.ownState(guild);
      if (!session) {
        free.push(guild);
      } else if (!guild.channels.cache.has(session.channelId)) {
        session.channelGone(); // it was deleted while the gateway was away, and nothing else tells of that
      } else if (!session.isAt(own)) {
        // Every such session is held first, because otherwise all of them would join again by themselves at the same
        // moment. Then they are released one after another.
        session.hold(own !== null);
        this.#inTurn(guild, own ? 2 : 1, () => session.rejoin());
      }
    }
    this.#questions.ask(free);
  }

  /**
   * Call this when a gateway session has been resumed. While it was interrupted the bot could not come back, so the
   * guilds without a session are looked at again. Never throws.
   */
  lookAgain(guilds: Iterable<Guild>): void {
    this.#questions.ask([...guilds].filter(guild => this.#isFree(guild)));
  }

  /** Call this when somebody entered or left a voice channel of the guild. */
  companyChanged(guild: Guild): void {
    const deserted = this.#deserted.get(guild.id);
    if (!deserted) return;
    // If somebody has called the bot elsewhere meanwhile, it is not wanted there any more.
    const isCalled = this.#options.calls.session(guild.id) !== undefined;
    if (!isCalled && this.#humansAt(guild, deserted.stay) === 0) return;
    this.#forgetDeserted(guild.id);
    if (!isCalled) this.#questions.ask([guild]);
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

  async #comeBack(channel: VoiceBasedChannel, stay: Stay): Promise<void> {
    const { gateway, catchUp, log } = this.#options;
    const { guild } = channel;
    if (!(await this.#isStillWanted(stay)) || !this.#isFree(guild)) return;
    if (this.#humansAt(guild, stay) === 0) return void this.#consider(guild, stay);
    const wasGhost = gateway.isGhost(guild);
    const session = this.#open(channel, stay);
    if (!session) {
      this.#failures.delete(guild.id);
      this.#leaveGhost(guild);
      return;
    }
    void walled(log, 'catching up', () => catchUp?.comesBack(guild, channel.id, wasGhost));
    session.joined.then(
      () => {
        this.#failures.delete(guild.id);
        log.info({ guildId: guild.id, channelId: channel.id }, 'back in the voice channel');
      },
      (error: unknown) => this.#tryAgain(guild, stay, error),
    );
  }

  /**
   * Whether the bot is still wanted where it was when its turn was planned. On a large shard that may be minutes ago,
   * and somebody may have called it and sent it away since. If not, or if nobody knows, the guild is looked at again.
   */
  async #isStillWanted({ guildId, channelId }: Stay): Promise<boolean> {
    const { client, store } = this.#options;
    const found = await store.stays.of([guildId]).catch(() => []);
    if (found.some(stay => stay.channelId === channelId)) return true;
    const guild = client.guilds.cache.get(guildId);
    if (guild) this.#questions.ask([guild]);
    return false;
  }

  /**
   * Begins to come back to a channel, and returns the session; null when the bot may no longer enter it, and the stay
   * is then given up, or when the process is about to end.
   */
  #open(channel: VoiceBasedChannel, stay: Stay): Session | null {
    try {
      return this.#options.calls.comeBack(channel, stay);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.key !== 'restarting') this.#giveUp(stay, error.key);
      return null;
    }
  }

  /** Gives a stay up because nobody came to its channel for as long as the bot would stay there without people. */
  #onDeserted(guild: Guild, stay: Stay): void {
    this.#deserted.delete(guild.id);
    if (!this.#options.gateway.reaches(guild)) return; // another process of the bot may have the guild by now
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
    const { calls, store, signal, log } = this.#options;
    const failures = this.#failures.get(guild.id) ?? 0;
    const pauseMs = TRY_AGAIN_MS[failures];
    log.warn({ guildId: guild.id, channelId: stay.channelId, pauseMs, err: error }, 'could not come back');
    if (pauseMs === undefined) {
      this.#failures.delete(guild.id);
      store.stays.forget(guild.id);
      calls.tell(guild, error instanceof UserError ? error : new UserError('sorry'), stay);
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
  #inTurn(guild: Guild, messages: number, task: () => void | Promise<void>): void {
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
