import { pausesOf } from './pauses.ts';

/** Packets in hand before speech starts: 60 ms. */
const START_PACKETS = 3;
/** Packets in hand before speech goes on after it ran dry: 200 ms. */
const REFILL_PACKETS = 10;
/** A guild holds at most this many packets in memory: 120 s. */
const ROOM_PACKETS = 6_000;
/** Kept free for what is being heard, so that what waits behind it can never starve it: 10 s. */
const HEARD_RESERVE_PACKETS = 500;
/** With more than this in hand there is no hurry to synthesise ahead: 30 s. */
const PLENTY_PACKETS = 1_500;

/** Shorter silences are within words: 80 ms. */
const PAUSE_PACKETS = 4;
/** A pause between two messages is looked for so far from where it should be: 1 s. */
const PAUSE_WITHIN_PACKETS = 50;

/** The memory for packets of one guild, shared by what is heard and what is synthesised ahead. */
export class PacketRoom {
  #used = 0;
  readonly #waiting = new Set<() => void>();

  /** Whether another packet may be taken in; `heard` is the speech that people are listening to now. */
  hasSpace(heard: boolean): boolean {
    return this.#used < (heard ? ROOM_PACKETS : ROOM_PACKETS - HEARD_RESERVE_PACKETS);
  }

  /** There is so much to hear that nothing more need be begun. */
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

  /** Resolves when space may have come free, or at once when `signal` is aborted. */
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
 * Holds the packets of one utterance between their source, which is read as fast as it comes, and the player,
 * which takes one each 20 ms. Speech starts with a few packets in hand, and after it ran dry waits for more.
 */
export class Cushion {
  /** Set by the player: this is what people are listening to. */
  heard = false;
  readonly #packets: Buffer[] = [];
  #next = 0;
  #played = 0;
  #needed = START_PACKETS;
  #finished = false;
  /** How many packets it is to have at most. */
  #end = Number.POSITIVE_INFINITY;
  #error: unknown;
  readonly #room: PacketRoom;
  readonly #ready = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<void>();

  constructor(source: AsyncIterable<Uint8Array>, options: { room: PacketRoom; signal: AbortSignal }) {
    this.#room = options.room;
    void this.#fill(source, options.signal);
  }

  /** Resolves when speech may start: enough is in hand, or the source has ended, well or not. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves when the source has ended, well or not: nothing more is being synthesised. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** The source has ended. */
  get filled(): boolean {
    return this.#finished;
  }

  /** How many packets have been read. */
  get played(): number {
    return this.#played;
  }

  /** How many packets have come, read or not. */
  get received(): number {
    return this.#played + this.#packets.length - this.#next;
  }

  /** All has been read and nothing more will come. */
  get ended(): boolean {
    return this.#isWhole && this.#next >= this.#packets.length;
  }

  /** What the source failed with, after which only the packets in hand can be heard. */
  get error(): unknown {
    return this.#error;
  }

  /** The next packet, or null while there are too few in hand and after the end. */
  read(): Buffer | null {
    const inHand = this.#packets.length - this.#next;
    if (inHand === 0 && !this.#isWhole) this.#needed = REFILL_PACKETS;
    if (inHand === 0 || (inHand < this.#needed && !this.#isWhole)) return null;
    this.#needed = 1;
    const packet = this.#packets[this.#next] ?? null;
    this.#next += 1;
    this.#played += 1;
    if (this.#next > 64 && this.#next * 2 > this.#packets.length) {
      this.#packets.splice(0, this.#next);
      this.#next = 0;
    }
    this.#room.free(1);
    return packet;
  }

  /** Puts back the packet that was read last and could not be played. */
  unread(packet: Buffer): void {
    if (this.#next > 0) this.#packets[--this.#next] = packet;
    else this.#packets.unshift(packet);
    this.#played -= 1;
    this.#room.take();
  }

  /** Ends with the packets before number `at`; those that were read already have been heard. */
  endAt(at: number): void {
    this.#end = Math.max(at, this.#played);
    const tooMany = this.received - this.#end;
    if (tooMany <= 0) return;
    this.#packets.length -= tooMany;
    this.#room.free(tooMany);
  }

  /**
   * The middle of the longest pause in hand near packet number `at`, or `at` where people speak on. The packets there
   * are decoded, at once: that takes about 5 ms.
   */
  pauseNear(at: number): number {
    const from = Math.max(0, at - PAUSE_WITHIN_PACKETS - this.#played);
    const to = at + PAUSE_WITHIN_PACKETS - this.#played;
    let longest = { length: PAUSE_PACKETS, at: at - this.#played - from };
    for (const pause of pausesOf(this.#packets.slice(this.#next + from, this.#next + to))) {
      const length = pause.to - pause.from;
      if (length >= longest.length) longest = { length, at: pause.at };
    }
    return this.#played + from + longest.at;
  }

  /** Nothing more will come, or be taken. */
  get #isWhole(): boolean {
    return this.#finished || this.received >= this.#end;
  }

  /** Forgets what was taken in after the first `packets`; those that were read already stay read. */
  keep(packets: number): void {
    const forgotten = Math.max(0, this.received - Math.max(packets, this.#played));
    this.#packets.length -= forgotten;
    this.#room.free(forgotten);
  }

  async #fill(source: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    try {
      for await (const packet of source) {
        while (!this.#room.hasSpace(this.heard) && !signal.aborted) await this.#room.freed(signal);
        if (signal.aborted || this.received >= this.#end) break;
        this.#packets.push(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength));
        this.#room.take();
        if (this.#packets.length - this.#next >= this.#needed) this.#ready.resolve();
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
    this.#room.free(this.#packets.length - this.#next);
    this.#packets.length = 0;
    this.#next = 0;
  }
}
