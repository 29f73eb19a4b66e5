import type { ShardGroup, ShardSession, ShardView } from '../store/processes/shard-session.ts';

// Knows until when a process certainly held its shards, which are locks of its session with PostgreSQL. By that
// `shared-shards.ts` decides when it has to fall silent.

/** A session that notes with each answer of PostgreSQL that it held its locks when it was asked. */
export class ProvenSession implements ShardSession {
  /** The name of the session, which no other one has. */
  readonly holder: string;
  readonly #session: ShardSession;
  #heldAt = Number.NEGATIVE_INFINITY;

  constructor(holder: string, session: ShardSession) {
    this.holder = holder;
    this.#session = session;
  }

  /**
   * When the newest question was asked that PostgreSQL has answered (`performance.now()`). The session was alive then,
   * and a lock that it has taken can have become free only later: a session keeps its locks for as long as it lives.
   */
  get heldAt(): number {
    return this.#heldAt;
  }

  join(group: ShardGroup, how: { readonly adopts: boolean }): Promise<ShardGroup> {
    return this.#ask(session => session.join(group, how));
  }

  look(): Promise<ShardView> {
    return this.#ask(session => session.look());
  }

  take(shard: number): Promise<boolean> {
    return this.#ask(session => session.take(shard));
  }

  giveBack(shard: number): Promise<void> {
    return this.#ask(session => session.giveBack(shard));
  }

  leave(): Promise<void> {
    return this.#ask(session => session.leave());
  }

  takeTurn(place: number): Promise<boolean> {
    return this.#ask(session => session.takeTurn(place));
  }

  endTurn(place: number): Promise<void> {
    return this.#ask(session => session.endTurn(place));
  }

  end(): void {
    this.#session.end();
  }

  async #ask<T>(question: (session: ShardSession) => Promise<T>): Promise<T> {
    const at = performance.now();
    const answer = await question(this.#session);
    this.#heldAt = Math.max(this.#heldAt, at); // a later question may have been answered before
    return answer;
  }
}
