/** A change of keys or of protocol version that waits until every member can follow it. */
interface Transition {
  readonly waiting: Set<string>;
  readonly timer: NodeJS.Timeout;
  readonly execute: () => void;
}

/** "The voice gateway transition timeout": roughly two seconds (DAVE protocol, "Member Remove"). */
export const TRANSITION_TIMEOUT_MS = 2_000;
const MAX_TRANSITION_ID = 0xffff;

/** Announced transitions of one call, until all have answered op 23 or time is up. Id 0 is never given out. */
export class Transitions {
  readonly #pending = new Map<number, Transition>();
  #lastId = 0;

  /** Starts a transition and returns its id; `execute` runs once, later. */
  begin(userIds: Iterable<string>, execute: (id: number) => void): number {
    this.#lastId = (this.#lastId % MAX_TRANSITION_ID) + 1;
    const id = this.#lastId;
    const timer = setTimeout(() => this.#finish(id), TRANSITION_TIMEOUT_MS);
    const waiting = new Set(userIds);
    this.#pending.set(id, { waiting, timer, execute: () => execute(id) });
    if (waiting.size === 0) queueMicrotask(() => this.#finish(id));
    return id;
  }

  /** A member answered op 23. */
  ready(userId: string, id: number): void {
    const transition = this.#pending.get(id);
    if (transition?.waiting.delete(userId) && transition.waiting.size === 0) this.#finish(id);
  }

  /** A member is gone: nobody waits for it. */
  leave(userId: string): void {
    for (const id of this.#pending.keys()) this.ready(userId, id);
  }

  /** Drops every pending transition without executing it. */
  clear(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
  }

  #finish(id: number): void {
    const transition = this.#pending.get(id);
    if (!transition) return;
    this.#pending.delete(id);
    clearTimeout(transition.timer);
    transition.execute();
  }
}
