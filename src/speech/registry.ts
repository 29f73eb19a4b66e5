import { UserError } from '../errors.ts';
import { Session, type SessionOptions } from './session.ts';

/** SIGTERM: a sentence under way may finish within this. */
const DRAIN_MS = 8_000;
/** A guild may bring the bot in this often a minute; Discord takes 115 messages a minute from all of them. */
const MAX_COMINGS = 20;
const COMINGS_WINDOW_MS = 60_000;

/** The sessions of this process, at most one a guild. */
export class SessionRegistry implements AsyncDisposable {
  readonly #sessions = new Map<string, Session>();
  /** When sessions were opened within the last minute, by guild. */
  readonly #opened = new Map<string, number[]>();
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
   * ask at once get the same.
   */
  open(options: SessionOptions): Session {
    if (this.#closed) throw new UserError('restarting');
    const existing = this.get(options.guildId);
    if (existing) return existing;
    this.#limitComings(options.guildId);
    const session = new Session(options);
    this.#sessions.set(options.guildId, session);
    void session.ended.then(() => {
      if (this.#sessions.get(options.guildId) === session) this.#sessions.delete(options.guildId);
    });
    return session;
  }

  /** Every coming and going is a message to Discord, and those are rationed for all guilds together. */
  #limitComings(guildId: string): void {
    const since = performance.now() - COMINGS_WINDOW_MS;
    for (const [id, times] of this.#opened) if ((times.at(-1) ?? 0) < since) this.#opened.delete(id);
    const recent = (this.#opened.get(guildId) ?? []).filter(time => time > since);
    if (recent.length >= MAX_COMINGS) throw new UserError('came-too-often');
    this.#opened.set(guildId, [...recent, performance.now()]);
  }

  /** Opens no more; every session finishes its sentence and leaves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(this.all.map(session => session.drain(DRAIN_MS)));
  }
}
