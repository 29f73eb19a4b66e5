import { Alignment } from './alignment.ts';
import { likelihoods } from './likely-places.ts';
import { Loudness, type Traits } from './loudness.ts';
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

/** What the loss of some of a word costs, in packets that are said twice: two seconds and more. */
const LOSS_PACKETS = 120;
/** Hardly a word is longer: what was broken in its middle and is said again from there is whole after so much. */
const WORD_PACKETS = 36;
/** So much silence is a pause for certain. Where all pauses are short, less is enough: the mean of both. */
const CLEAR_PACKETS = 2.5;
/** How far the clearest pause of a rendition counts beside what is clear for certain. */
const RELATIVE = 0.5;
/**
 * In speech the mouth closes within words as well, for as much as 60 ms. It is known by its short silences, of which
 * there are so many, and such a share of all but the tiniest: then only a long one is a pause for certain.
 */
const LEAST_PACKETS = 0.3;
const SHORT_PACKETS = 1.5;
const LEAST_SHORT = 3;
const SHORT_SHARE = 0.25;
const CLEAR_OF_SPEECH_PACKETS = 4.5;
/** A later place is better, by so much for each packet: there is more to hear until the other rendition comes. */
const EARLIER_COST = 0.02;
/** With so many packets behind it a place is found better; what each one less costs. */
const CONTEXT_PACKETS = 25;
const CONTEXT_COST = 0.2;
/** So many packets behind the place are compared. */
const COMPARED_PACKETS = 75;
/** A later pause than the place is worse: what was not said is worse than what is said twice. */
const LATER_FACTOR = 2;
/** Without a pause there, so much earlier. */
const EARLIER_PACKETS = 3;
/** Less silence than that at the end of what was heard is no sign that a pause begins: sounds have gaps. */
const LEAST_SILENCE_PACKETS = 1;
/** After the end is found, so many packets more show how long a pause there is. */
const MORE_PACKETS = 8;

/** A rendition that broke off. */
export class Broken {
  readonly packets: readonly Uint8Array[];
  readonly sketches: readonly (Sketch | null)[];
  readonly loudness: Loudness;
  readonly pauses: readonly Pause[];
  /** How clear a pause has to be, to be one for certain. */
  readonly #clear: number;

  private constructor(packets: readonly Uint8Array[], sketches: readonly (Sketch | null)[]) {
    this.packets = packets;
    this.sketches = sketches;
    this.loudness = new Loudness(sketches);
    this.pauses = pausesIn(sketches, this.loudness);
    const clarities = this.pauses.map(({ clarity }) => clarity);
    const clearest = Math.max(0, ...clarities);
    const silences = clarities.filter(each => each > LEAST_PACKETS);
    const short = silences.filter(each => each < SHORT_PACKETS).length;
    this.#clear =
      short >= LEAST_SHORT && short >= SHORT_SHARE * silences.length
        ? CLEAR_OF_SPEECH_PACKETS
        : CLEAR_PACKETS + (Math.min(CLEAR_PACKETS, clearest) - CLEAR_PACKETS) * RELATIVE;
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
   * and nothing is said twice; else what follows the last pause is said again. Where it is not certain that a silence
   * is a pause between words, more is said again: the word that it may be in.
   */
  leave(played: number): Leaving {
    if (played === 0) return { heard: 0, from: 0, cost: 0 };
    const { length } = this.packets;
    const now = Math.min(played, length);
    let best: Leaving = { heard: now, from: 0, cost: now };
    for (const pause of this.pauses) {
      if (pause.from === 0) continue;
      const from = pause.at < now && pause.to >= now ? now : pause.at;
      const soonest = Math.max(from, now);
      for (const heard of new Set([soonest, Math.min(length, Math.max(soonest, from + WORD_PACKETS))])) {
        const context = from < now ? 0 : CONTEXT_COST * Math.max(0, CONTEXT_PACKETS - (length - from));
        const later = EARLIER_COST * (length - heard) + context;
        const cost = heard - from + this.risk(pause, heard - from) + later;
        if (cost < best.cost) best = { heard, from, cost };
      }
    }
    return best;
  }

  /** Whether the last moment before a place is silent, and something was said before that. */
  isSilentBefore(place: number): boolean {
    return this.pauses.some(
      ({ from, to }) => from > 0 && from <= place - LEAST_SILENCE_PACKETS && to >= place,
    );
  }

  /**
   * What it costs that a pause may be none, in packets that are said twice; the less, the more of what was heard after
   * it is said again, for then the word that it may be in was heard whole.
   */
  risk({ clarity }: Pause, repeated: number): number {
    const doubt = Math.max(0, 1 - clarity / this.#clear) ** 2;
    return doubt * lossAfter(repeated);
  }
}

/** What it costs to go on in the middle of a word, with so many packets before it said again. */
function lossAfter(repeated: number): number {
  return LOSS_PACKETS * Math.max(0, 1 - Math.max(0, repeated) / WORD_PACKETS);
}

/** Listens to the other rendition until it is known where to enter it. */
export class Entrance {
  readonly #broken: Broken;
  readonly #leaving: Leaving;
  readonly #sketcher = new Sketcher();
  readonly #sketches: (Sketch | null)[] = [];
  readonly #packets: Uint8Array[] = [];
  readonly #reference: readonly Traits[];
  readonly #alignment: Alignment;
  /** What came, and what it costs that the place to go on from is behind so many packets of it. */
  readonly #sound: Traits[] = [];
  readonly #before: number[] = [0];
  /** All packets until now were the same, byte for byte. */
  #same = true;

  constructor(broken: Broken, leaving: Leaving) {
    this.#broken = broken;
    this.#leaving = leaving;
    const { sketches, loudness } = broken;
    const reference = sketches.slice(0, leaving.heard + COMPARED_PACKETS);
    this.#reference = reference.map(sketch => loudness.traits(sketch));
    this.#alignment = new Alignment(this.#reference, [leaving.from, leaving.heard]);
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
    if (from < heard && silent && next && this.#broken.risk(next, 0) < cost) return next.at;
    return from === 0 ? 0 : this.#nearest(pauses, atFrom, atHeard);
  }

  /**
   * The pause at a place, or an earlier one: where the place may as well be that, and where only that is a pause for
   * certain. Without any, a little before the place.
   */
  #nearest(pauses: readonly Pause[], place: number, heardAt: number): number {
    let best = Math.max(0, place - EARLIER_PACKETS);
    let least = EARLIER_PACKETS + lossAfter(heardAt - best);
    if (place < least) [best, least] = [0, place];
    const rest = this.#reference.slice(this.#leaving.from);
    const sound = this.#sound.slice(0, this.#alignment.end);
    const likely = likelihoods(pauses, { before: this.#before, rest, sound });
    let earlier = 0;
    for (const [index, pause] of pauses.entries()) {
      const distance = Math.max(0, place - pause.to, LATER_FACTOR * (pause.from - place));
      // Were the place an earlier one, what lies between would be lost.
      const cost = distance + this.#broken.risk(pause, heardAt - pause.at) + LOSS_PACKETS * earlier;
      earlier += likely[index] ?? 0;
      if (cost < least) [best, least] = [pause.at, cost];
    }
    return best;
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
    const traits = this.#broken.loudness.traits(sketch);
    this.#sound.push(traits);
    this.#alignment.push(traits);
    this.#before.push(this.#alignment.costOf(this.#leaving.from));
  }
}

const NONE = new Uint8Array();
