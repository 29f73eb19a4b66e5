import { Departures } from '../call/departures.ts';
import { UserError } from '../errors.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session-options.ts';
import { Trail } from './trail.ts';

// Opens the sessions of this process (a session is the bot in one voice channel, with its conversation), at most one
// for each guild, and ends them. How often the bot may join in one guild is decided here.

/** For how many milliseconds the line being heard may go on when the process ends. */
const DRAIN_MS = 8_000;
/**
 * How often a minute a guild may have the bot join. Discord takes only 115 messages a minute from all guilds together.
 */
const MAX_COMINGS = 20;
const COMINGS_WINDOW_MS = 60_000;
/**
 * How long the bot joins no channel of a guild after Discord has said that it does so too often (close code 4021).
 */
const LIMITED_MS = 600_000;
const MINUTE_MS = 60_000;

export class SessionRegistry implements AsyncDisposable {
  readonly #sessions = new Map<string, Session>();
  /** For each guild: when the bot was called to a voice channel within the last minute (`performance.now()`). */
  readonly #comings = new Map<string, number[]>();
  /** For each guild: until when the bot does not ask Discord to let it join (`performance.now()`). */
  readonly #limitedUntil = new Map<string, number>();
  /** For each guild whose bot is in a voice channel, or has left one without an answer from Discord. */
  readonly #departures = new Map<string, Departures>();
  #closed = false;
  /** The guilds that another process of the bot is about to have. */
  readonly #closedIn = new Set<string>();

  get(guildId: string): Session | undefined {
    const session = this.#sessions.get(guildId);
    return session?.over ? undefined : session;
  }

  get all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /**
   * Returns the session of the guild, or opens one. A new session is registered before its join is awaited, so that two
   * people who ask at once get the same one. Throws a UserError if Discord may not be asked now.
   */
  open(options: Omit<SessionOptions, 'departures'>): Session {
    if (this.#closed || this.#closedIn.has(options.guildId)) throw new UserError('restarting');
    const existing = this.get(options.guildId);
    if (existing) return existing;
    this.#checkLimited(options.guildId);
    this.limitComings(options.guildId);
    const trail = new Trail(options.log);
    const departures = this.#departures.get(options.guildId) ?? new Departures();
    this.#departures.set(options.guildId, departures);
    const session = new Session({
      ...options,
      departures,
      onMoved: channelId => {
        trail.moved(channelId);
        options.onMoved(channelId);
      },
      onEnded: end => {
        trail.ended(end, session.channelId);
        if (end.error?.key === 'voice.limited')
          this.#limitedUntil.set(options.guildId, performance.now() + LIMITED_MS);
        options.onEnded(end);
      },
    });
    this.#sessions.set(options.guildId, session);
    session.joined.then(
      () => trail.came(session.channelId),
      () => {}, // its end is told
    );
    void session.ended.then(() => {
      if (this.#sessions.get(options.guildId) === session) this.#sessions.delete(options.guildId);
    });
    return session;
  }

  /**
   * Call this when Discord has said that the bot is in no voice channel of a guild. A session hears of that itself;
   * where there is none, it answers the leave of the last one.
   */
  nowhere(guildId: string): void {
    if (!this.get(guildId)) this.#departures.delete(guildId);
  }

  #checkLimited(guildId: string): void {
    const now = performance.now();
    for (const [id, until] of this.#limitedUntil) if (until <= now) this.#limitedUntil.delete(id);
    const until = this.#limitedUntil.get(guildId);
    if (until !== undefined)
      throw new UserError('voice.still-limited', { minutes: Math.ceil((until - now) / MINUTE_MS) });
  }

  /**
   * Counts a join of the guild, which `open` does by itself: to be called before a session is moved. Throws a UserError
   * if the guild has the bot join too often, because each join is a message, of which all guilds share a limit.
   */
  limitComings(guildId: string): void {
    const since = performance.now() - COMINGS_WINDOW_MS;
    for (const [id, times] of this.#comings) if ((times.at(-1) ?? 0) < since) this.#comings.delete(id);
    const recent = (this.#comings.get(guildId) ?? []).filter(time => time > since);
    if (recent.length >= MAX_COMINGS) throw new UserError('came-too-often');
    this.#comings.set(guildId, [...recent, performance.now()]);
  }

  /** Ends all sessions at once; lines that are being heard are cut off. */
  leaveAll(): void {
    for (const session of this.all) session.close();
  }

  /**
   * Opens no more sessions in these guilds until `reopen`, lets each finish the line being heard within `limitMs`, and
   * waits until all have ended. Where the bot is wanted is kept.
   */
  async drain(guildIds: readonly string[], limitMs = DRAIN_MS): Promise<void> {
    for (const guildId of guildIds) this.#closedIn.add(guildId);
    const sessions = guildIds.flatMap(guildId => this.#sessions.get(guildId) ?? []);
    await Promise.all(sessions.map(session => session.drain(limitMs)));
  }

  /** Opens sessions in these guilds again. */
  reopen(guildIds: readonly string[]): void {
    for (const guildId of guildIds) this.#closedIn.delete(guildId);
  }

  /** Opens no more sessions, lets each finish the line being heard, and waits until all have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(this.all.map(session => session.drain(DRAIN_MS)));
  }
}
