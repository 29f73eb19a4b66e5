import { PackedPackets } from './packed-packets.ts';
import { pausesOf } from './pauses.ts';

// Fish Audio makes speech faster than people hear it. The packets that wait to be heard are kept here, with limits for
// their number, and here is decided when there are enough of them to begin. `player.ts` takes them.

/** Speech starts when this many packets are in hand (60 ms). */
const START_PACKETS = 3;
/** After the packets ran out, speech goes on when this many are in hand (200 ms). */
const REFILL_PACKETS = 10;
/** The most packets that a guild holds in memory (120 s). */
const ROOM_PACKETS = 6_000;
/** How many of these are kept free for the line being heard, so that lines behind it cannot take them all (10 s). */
const HEARD_RESERVE_PACKETS = 500;
/** With more packets than this in hand (30 s), the next line need not be synthesised yet. */
const PLENTY_PACKETS = 1_500;

/** Silences of fewer packets (80 ms) are within words, so they count as no pause. */
const PAUSE_PACKETS = 4;
/** A pause between two messages is looked for within this many packets (1 s) before and after the estimated place. */
const PAUSE_WITHIN_PACKETS = 50;

/** Counts the packets that one guild holds in memory: those of the line being heard and those synthesised ahead. */
export class PacketRoom {
  #used = 0;
  readonly #waiting = new Set<() => void>();

  /** Whether another packet may be taken in. `heard` says that it belongs to the line that people are hearing now. */
  hasSpace(heard: boolean): boolean {
    return this.#used < (heard ? ROOM_PACKETS : ROOM_PACKETS - HEARD_RESERVE_PACKETS);
  }

  /** Whether so much is in memory that no further line need be synthesised yet. */
  get plenty(): boolean {
    return this.#used > PLENTY_PACKETS;
  }

  take(): void {
    this.#used += 1;
  }

  free(packets: number): void {
    this.#used -= packets;
    for (const wake of this.#waiting) wake();
  }

  /** Resolves when some space has become free, or when `signal` is aborted. */
  async freed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.#waiting.add(wake);
    signal.addEventListener('abort', wake);
    await promise;
    this.#waiting.delete(wake);
    signal.removeEventListener('abort', wake);
  }
}

/**
 * Holds the packets of one utterance between their source, which is read as fast as it gives them, and the player,
 * which takes one each 20 ms. Speech starts when a few packets are in hand; after they ran out it waits for more of
 * them.
 */
export class Cushion {
  /** The player sets it to true when this is what people are hearing. */
  heard = false;
  readonly #packets = new PackedPackets();
  #played = 0;
  #needed = START_PACKETS;
  #finished = false;
  /** How many packets it may have at most; see `endAt`. */
  #end = Number.POSITIVE_INFINITY;
  #error: unknown;
  readonly #room: PacketRoom;
  readonly #ready = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<void>();

  constructor(source: AsyncIterable<Uint8Array>, options: { room: PacketRoom; signal: AbortSignal }) {
    this.#room = options.room;
    void this.#fill(source, options.signal);
  }

  /** Resolves when speech may start: enough packets are in hand, or the source has ended or failed. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves when the source has ended or failed, so that nothing more is being synthesised. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Whether the source has ended or failed. */
  get filled(): boolean {
    return this.#finished;
  }

  /** How many packets the player has read. */
  get played(): number {
    return this.#played;
  }

  /** How many packets have come from the source, whether or not they have been read. */
  get received(): number {
    return this.#played + this.#packets.length;
  }

  /** Whether all packets have been read and no more will come. */
  get ended(): boolean {
    return this.#isWhole && this.#packets.length === 0;
  }

  /** What the source failed with; then only the packets in hand can be heard. */
  get error(): unknown {
    return this.#error;
  }

  /** Returns the next packet; null while too few are in hand, and after the end. */
  read(): Buffer | null {
    const inHand = this.#packets.length;
    if (inHand === 0 && !this.#isWhole) this.#needed = REFILL_PACKETS;
    if (inHand === 0 || (inHand < this.#needed && !this.#isWhole)) return null;
    this.#needed = 1;
    this.#played += 1;
    this.#room.free(1);
    return this.#packets.shift();
  }

  /** Puts back the packet that was read last and could not be played. */
  unread(): void {
    if (!this.#packets.putBack()) return;
    this.#played -= 1;
    this.#room.take();
  }

  /** Drops all packets from number `at` on, those in hand and those to come. Packets that were read stay read. */
  endAt(at: number): void {
    this.#end = Math.max(at, this.#played);
    const tooMany = this.received - this.#end;
    if (tooMany <= 0) return;
    this.#packets.dropLast(tooMany);
    this.#room.free(tooMany);
  }

  /**
   * Returns the middle of the longest pause near packet number `at`, or `at` itself if there is no pause. Only packets
   * in hand are looked at. They are decoded at once, which takes about 5 ms.
   */
  pauseNear(at: number): number {
    const from = Math.max(0, at - PAUSE_WITHIN_PACKETS - this.#played);
    const to = at + PAUSE_WITHIN_PACKETS - this.#played;
    let longest = { length: PAUSE_PACKETS, at: at - this.#played - from };
    for (const pause of pausesOf(this.#packets.slice(from, to))) {
      const length = pause.to - pause.from;
      if (length >= longest.length) longest = { length, at: pause.at };
    }
    return this.#played + from + longest.at;
  }

  /** Whether no more packets will come or be taken in. */
  get #isWhole(): boolean {
    return this.#finished || this.received >= this.#end;
  }

  /**
   * Drops the packets in hand after the first `packets`; later ones are still taken in. Packets that were read stay
   * read.
   */
  keep(packets: number): void {
    const forgotten = Math.max(0, this.received - Math.max(packets, this.#played));
    this.#packets.dropLast(forgotten);
    this.#room.free(forgotten);
  }

  async #fill(source: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    try {
      for await (const packet of source) {
        while (!this.#room.hasSpace(this.heard) && !signal.aborted) await this.#room.freed(signal);
        if (signal.aborted || this.received >= this.#end) break;
        this.#packets.push(packet);
        this.#room.take();
        if (this.#packets.length >= this.#needed) this.#ready.resolve();
      }
    } catch (error) {
      this.#error = error;
    } finally {
      if (signal.aborted) this.#drop();
      else signal.addEventListener('abort', () => this.#drop(), { once: true });
      this.#finished = true;
      this.#ready.resolve();
      this.#done.resolve();
    }
  }

  #drop(): void {
    this.#room.free(this.#packets.length);
    this.#packets.clear();
  }
}
