// The one clock by which speech is sent: it ticks each 20 ms for all guilds that speak. Here is what happens when the
// event loop was late. `clocked-player.ts` ties the voice library's player to it.

/** The length of a packet in milliseconds, which is also the time from one tick to the next. */
const FRAME_MS = 20;
/**
 * How much delay the clock makes up for, in milliseconds: three packets, so that late timers do not slow speech down. A
 * longer delay is not made up for: speech then goes on later, since listeners must not get a second of packets at once.
 */
const MAX_DEBT_MS = 3 * FRAME_MS;
/** After this many milliseconds of preparing packets the event loop gets a turn. */
const SLICE_MS = 2;

/** What one guild does at each tick. If it throws, the other guilds go on. */
export interface Ticking {
  /**
   * Sends the packet that was prepared at the last tick, `lateMs` milliseconds after it was due. Returns whether
   * another packet is to be prepared.
   */
  dispatch(lateMs: number): boolean;
  /** Makes the next packet ready to be sent. */
  prepare(): void;
  /** Called with what `dispatch` or `prepare` threw. If `dispatch` threw, nothing is prepared at this tick. */
  fault(error: unknown): void;
}

/**
 * Ticks each 20 ms for all guilds that speak. It uses the monotonic clock, so that speech does not change when the
 * clock of the system is set. After the event loop was blocked it does not send all missed packets at once.
 */
export class PacketClock {
  readonly #members = new Set<Ticking>();
  /** When the next tick is due, by `performance.now()`; null while nobody speaks. */
  #due: number | null = null;

  add(member: Ticking): void {
    this.#members.add(member);
    if (this.#due !== null) return; // the clock is ticking already
    this.#due = performance.now();
    setImmediate(() => this.#tick());
  }

  delete(member: Ticking): void {
    this.#members.delete(member);
  }

  /** First sends the packets of all guilds, so that they leave at one moment; then prepares everybody's next packet. */
  #tick(): void {
    if (this.#members.size === 0) {
      this.#due = null;
      return;
    }
    const now = performance.now();
    const lateMs = now - (this.#due ?? now);
    this.#due = Math.max(this.#due ?? 0, now - MAX_DEBT_MS) + FRAME_MS;
    const preparing: Ticking[] = [];
    for (const member of this.#members) {
      try {
        if (member.dispatch(lateMs)) preparing.push(member);
      } catch (error) {
        tell(member, error);
      }
    }
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
      if (!member || !this.#members.has(member)) continue;
      try {
        member.prepare();
      } catch (error) {
        tell(member, error);
      }
    }
    setTimeout(() => this.#tick(), Math.max(1, (this.#due ?? 0) - performance.now()));
  }
}

/** Tells a member what it threw. If that throws too, this member stays silent; the others go on. */
function tell(member: Ticking, error: unknown): void {
  try {
    member.fault(error);
  } catch {
    // Nobody else can be told.
  }
}
