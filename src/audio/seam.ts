import { Alignment } from './alignment.ts';
import { Loudness } from './loudness.ts';
import { type Pause, pausesIn } from './pauses.ts';
import { type Sketch, Sketcher } from './sketch.ts';
import type { Slices } from './slices.ts';

/**
 * How one rendition of a text is left and another entered. A text is never said twice in the same way, so that a place
 * in the one has to be looked for in the other: see `docs/adr/0002-the-seam-of-a-second-try.md`. Places are numbers
 * of packets of 20 ms.
 */

/** Where a rendition that broke off is left. */
export interface Leaving {
  /** So many of its packets are heard, those that were heard already among them. */
  readonly heard: number;
  /** The place to go on from in the other rendition: in a pause, at or before `heard`. 0 is the beginning. */
  readonly from: number;
  /** What is bad about it, in packets that are said twice. */
  readonly cost: number;
}

/** Packets that may be said again rather than go on at a place that is no pause at all. */
const RISK_PACKETS = 60;
/** So much silence is a pause for certain. Where all pauses are short, less is enough: the mean of both. */
const CLEAR_PACKETS = 2.5;
/** How far the clearest pause of a rendition counts beside what is clear for certain. */
const RELATIVE = 0.5;
/** A later place is better, by so much for each packet: there is more to hear until the other rendition comes. */
const EARLIER_COST = 0.02;
/** With so many packets behind it a place is found better; what each one less costs. */
const CONTEXT_PACKETS = 25;
const CONTEXT_COST = 0.2;
/** So many packets behind the place are compared. */
const COMPARED_PACKETS = 75;
/** A pause in the other rendition is looked for as far as this around the place; a clear one may be farther than another. */
const SEARCH_PACKETS = 15;
const CLARITY_BONUS = 4;
const MOST_BONUS = 2;
/** A later pause is worse: what was not said is worse than what is said twice. */
const LATER_FACTOR = 1.5;
/** Without a pause there, so much earlier. */
const EARLIER_PACKETS = 3;
/** After the end is found, so many packets more show how long a pause there is. */
const MORE_PACKETS = 8;

/** A rendition that broke off. */
export class Broken {
  readonly packets: readonly Uint8Array[];
  readonly sketches: readonly (Sketch | null)[];
  readonly loudness: Loudness;
  readonly #pauses: readonly Pause[];
  /** How clear a pause has to be, to be one for certain. */
  readonly #clear: number;

  private constructor(packets: readonly Uint8Array[], sketches: readonly (Sketch | null)[]) {
    this.packets = packets;
    this.sketches = sketches;
    this.loudness = new Loudness(sketches);
    this.#pauses = pausesIn(sketches, this.loudness);
    const clearest = Math.max(0, ...this.#pauses.map(({ clarity }) => clarity));
    this.#clear = CLEAR_PACKETS + (Math.min(CLEAR_PACKETS, clearest) - CLEAR_PACKETS) * RELATIVE;
  }

  /** Decodes all packets, about 50 µs each, in slices. */
  static async of(packets: readonly Uint8Array[], slices: Slices): Promise<Broken> {
    const sketcher = new Sketcher();
    const sketches: (Sketch | null)[] = [];
    for (const packet of packets) {
      sketches.push(sketcher.sketch(packet));
      await slices.rest();
    }
    return new Broken(packets, sketches);
  }

  /**
   * Where to leave it after so many packets were heard. With a pause in what is in hand beyond those it is left there,
   * and nothing is said twice; else it is left at once, and what follows the last pause is said again.
   */
  leave(played: number): Leaving {
    if (played === 0) return { heard: 0, from: 0, cost: 0 };
    const { length } = this.packets;
    let best: Leaving = { heard: Math.min(played, length), from: 0, cost: played };
    for (const pause of this.#pauses) {
      if (pause.from === 0) continue;
      const from = pause.at < played && pause.to >= played ? Math.min(played, length) : pause.at;
      const repeated = Math.max(0, played - from);
      const context = from < played ? 0 : CONTEXT_COST * Math.max(0, CONTEXT_PACKETS - (length - from));
      const cost = repeated + this.risk(pause) + EARLIER_COST * (length - from) + context;
      if (cost < best.cost) best = { heard: Math.max(from, Math.min(played, length)), from, cost };
    }
    return best;
  }

  /** Whether the last moment before a place is silent. */
  isSilentBefore(place: number): boolean {
    return this.#pauses.some(({ from, to }) => from < place && to >= place);
  }

  /** What it costs to leave in a pause that may be none, in packets that are said twice. */
  risk({ clarity }: Pause): number {
    return RISK_PACKETS * Math.max(0, 1 - clarity / this.#clear) ** 2;
  }
}

/** Listens to the other rendition until it is known where to enter it. */
export class Entrance {
  readonly #broken: Broken;
  readonly #leaving: Leaving;
  readonly #sketcher = new Sketcher();
  readonly #sketches: (Sketch | null)[] = [];
  readonly #packets: Uint8Array[] = [];
  readonly #alignment: Alignment;
  /** All packets until now were the same, byte for byte. */
  #same = true;

  constructor(broken: Broken, leaving: Leaving) {
    this.#broken = broken;
    this.#leaving = leaving;
    const { sketches, loudness } = broken;
    const reference = sketches.slice(0, leaving.heard + COMPARED_PACKETS);
    this.#alignment = new Alignment(
      reference.map(sketch => loudness.traits(sketch)),
      [leaving.from, leaving.heard],
    );
  }

  /** The next packet. Returns the place to enter at once it is known. */
  push(packet: Uint8Array): number | null {
    const { heard, from } = this.#leaving;
    const at = this.#packets.push(packet);
    this.#same &&= Buffer.compare(packet, this.#broken.packets[at - 1] ?? NONE) === 0;
    if (this.#same) return at >= heard ? heard : null;
    if (from === 0 && !this.#broken.isSilentBefore(heard)) return 0;
    while (this.#sketches.length < at) this.#listen();
    return this.#alignment.settled && at >= this.#alignment.end + MORE_PACKETS ? this.end() : null;
  }

  /** Where to enter, as far as can be told; also when there are no more packets. */
  end(): number {
    const { heard, from, cost } = this.#leaving;
    if (this.#same) return Math.min(heard, this.#packets.length);
    const [atFrom, atHeard] = this.#alignment.places;
    const pauses = pausesIn(this.#sketches, this.#broken.loudness);
    if (atFrom === undefined || atHeard === undefined) return this.#estimate();
    // Where silence had just begun, only the other rendition shows whether it is a pause.
    const next = pauses.find(pause => pause.from - 1 <= atHeard && atHeard <= pause.to + 1);
    const silent = this.#broken.isSilentBefore(heard);
    if (from < heard && silent && next && this.#broken.risk(next) < cost) return next.at;
    return from === 0 ? 0 : nearest(pauses, atFrom);
  }

  /** Nothing is alike: a place at the same part of the whole. */
  #estimate(): number {
    const { from } = this.#leaving;
    const length = Math.max(1, this.#broken.packets.length);
    return Math.floor(from * Math.min(1, this.#sketches.length / length));
  }

  #listen(): void {
    const packet = this.#packets[this.#sketches.length];
    const sketch = packet ? this.#sketcher.sketch(packet) : null;
    this.#sketches.push(sketch);
    this.#alignment.push(this.#broken.loudness.traits(sketch));
  }
}

/** The middle of the pause at a place, or of a clearer one near it; without any, a little before the place. */
function nearest(pauses: readonly Pause[], place: number): number {
  let best = Math.max(0, place - EARLIER_PACKETS);
  let least = Number.POSITIVE_INFINITY;
  for (const { from, to, at, clarity } of pauses) {
    const distance = Math.max(0, place - to, LATER_FACTOR * (from - place));
    const cost = distance - CLARITY_BONUS * Math.min(MOST_BONUS, clarity);
    if (distance > SEARCH_PACKETS || cost >= least) continue;
    best = at;
    least = cost;
  }
  return best;
}

const NONE = new Uint8Array();
