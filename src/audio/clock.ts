/** The length of a packet, and so the time from one tick to the next. */
const FRAME_MS = 20;
/**
 * How far the clock may be behind and still catch up, so that a late timer costs nobody time: three packets. What
 * it is behind beyond that it gives up: speech goes on later, and listeners are not sent a second's worth at once.
 */
const MAX_DEBT_MS = 3 * FRAME_MS;
/** Preparing gives way to the rest of the event loop after so long. */
const SLICE_MS = 2;

/** What one guild does at each tick. What it throws concerns that guild alone. */
export interface Ticking {
  /** Sends the packet that was prepared at the tick before; returns whether another is to be prepared. */
  dispatch(): boolean;
  /** Makes the next packet ready to be sent. */
  prepare(): void;
  /** Told what `dispatch` or `prepare` threw. After the former nothing is prepared at this tick. */
  fault(error: unknown): void;
}

/**
 * Ticks each 20 ms for all guilds that speak. It goes by the monotonic clock, so that nothing is heard of it when
 * the system's clock is set, and after the event loop was blocked it does not replay what it missed.
 */
export class PacketClock {
  readonly #members = new Set<Ticking>();
  /** When the next tick is due, by `performance.now()`; null while nobody speaks. */
  #due: number | null = null;

  add(member: Ticking): void {
    this.#members.add(member);
    if (this.#due !== null) return; // it is ticking already
    this.#due = performance.now();
    setImmediate(() => this.#tick());
  }

  delete(member: Ticking): void {
    this.#members.delete(member);
  }

  /** First everybody's packet is sent, at one moment; then everybody's next one is prepared. */
  #tick(): void {
    if (this.#members.size === 0) {
      this.#due = null;
      return;
    }
    this.#due = Math.max(this.#due ?? 0, performance.now() - MAX_DEBT_MS) + FRAME_MS;
    const preparing: Ticking[] = [];
    for (const member of this.#members) if (walled(member, () => member.dispatch())) preparing.push(member);
    this.#prepare(preparing, 0);
  }

  #prepare(members: readonly Ticking[], from: number): void {
    const sliceEnd = performance.now() + SLICE_MS;
    for (let index = from; index < members.length; index += 1) {
      if (performance.now() > sliceEnd) {
        setImmediate(() => this.#prepare(members, index));
        return;
      }
      const member = members[index];
      if (member && this.#members.has(member)) walled(member, () => member.prepare());
    }
    setTimeout(() => this.#tick(), Math.max(1, (this.#due ?? 0) - performance.now()));
  }
}

/** Does a member's part; what it throws is told to that member alone, and the result is then undefined. */
function walled<T>(member: Ticking, part: () => T): T | undefined {
  try {
    return part();
  } catch (error) {
    try {
      member.fault(error);
    } catch {
      // Whoever cannot even take the fault is silent; the others go on.
    }
    return undefined;
  }
}
