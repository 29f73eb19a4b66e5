import { UserError } from '../errors.ts';
import { RESTARTING, Session, type SessionOptions } from './session.ts';

/** SIGTERM: a sentence under way may finish within this. */
const DRAIN_MS = 8_000;

/** The sessions of this process, at most one a guild. */
export class SessionRegistry implements AsyncDisposable {
  readonly #sessions = new Map<string, Session>();
  #closed = false;

  get(guildId: string): Session | undefined {
    return this.#sessions.get(guildId);
  }

  get all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /**
   * The guild's session; where there is none, a new one, which is here before its join is awaited: two who
   * ask at once get the same.
   */
  open(options: SessionOptions): Session {
    if (this.#closed) throw new UserError(RESTARTING);
    const existing = this.#sessions.get(options.guildId);
    if (existing) return existing;
    const session = new Session(options);
    this.#sessions.set(options.guildId, session);
    void session.ended.then(() => {
      if (this.#sessions.get(options.guildId) === session) this.#sessions.delete(options.guildId);
    });
    return session;
  }

  /** Opens no more; every session finishes its sentence and leaves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(this.all.map(session => session.drain(DRAIN_MS)));
  }
}
