import { UserError } from '../errors.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session-options.ts';

/** SIGTERM: a sentence under way may finish within this. */
const DRAIN_MS = 8_000;
/** A guild may bring the bot in this often a minute; Discord takes 115 messages a minute from all of them. */
const MAX_COMINGS = 20;
const COMINGS_WINDOW_MS = 60_000;
/** Discord told the bot that it joins a server's voice channels too often (4021): it is not asked there for so long. */
const LIMITED_MS = 600_000;
const MINUTE_MS = 60_000;

/** The sessions of this process, at most one a guild. */
export class SessionRegistry implements AsyncDisposable {
  readonly #sessions = new Map<string, Session>();
  /** When sessions were opened within the last minute, by guild. */
  readonly #opened = new Map<string, number[]>();
  /** Until when Discord is not asked to let the bot join, by guild: `performance.now()`. */
  readonly #limitedUntil = new Map<string, number>();
  #closed = false;

  get(guildId: string): Session | undefined {
    const session = this.#sessions.get(guildId);
    return session?.over ? undefined : session;
  }

  get all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /**
   * The guild's session; where there is none, a new one, which is here before its join is awaited: two who
   * ask at once get the same. Throws a UserError where Discord may not be asked now.
   */
  open(options: SessionOptions): Session {
    if (this.#closed) throw new UserError('restarting');
    const existing = this.get(options.guildId);
    if (existing) return existing;
    this.#checkLimited(options.guildId);
    this.#limitComings(options.guildId);
    const session = new Session({
      ...options,
      onEnded: end => {
        if (end.error?.key === 'voice.limited')
          this.#limitedUntil.set(options.guildId, performance.now() + LIMITED_MS);
        options.onEnded(end);
      },
    });
    this.#sessions.set(options.guildId, session);
    void session.ended.then(() => {
      if (this.#sessions.get(options.guildId) === session) this.#sessions.delete(options.guildId);
    });
    return session;
  }

  #checkLimited(guildId: string): void {
    const now = performance.now();
    for (const [id, until] of this.#limitedUntil) if (until <= now) this.#limitedUntil.delete(id);
    const until = this.#limitedUntil.get(guildId);
    if (until !== undefined)
      throw new UserError('voice.still-limited', { minutes: Math.ceil((until - now) / MINUTE_MS) });
  }

  /** Every coming and going is a message to Discord, and those are rationed for all guilds together. */
  #limitComings(guildId: string): void {
    const since = performance.now() - COMINGS_WINDOW_MS;
    for (const [id, times] of this.#opened) if ((times.at(-1) ?? 0) < since) this.#opened.delete(id);
    const recent = (this.#opened.get(guildId) ?? []).filter(time => time > since);
    if (recent.length >= MAX_COMINGS) throw new UserError('came-too-often');
    this.#opened.set(guildId, [...recent, performance.now()]);
  }

  /** Every session leaves now; what is being said is broken off. */
  leaveAll(): void {
    for (const session of this.all) session.close();
  }

  /** Opens no more; every session finishes its sentence and leaves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(this.all.map(session => session.drain(DRAIN_MS)));
  }
}
