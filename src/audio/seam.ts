import { Alignment } from './alignment.ts';
import { likelihoods } from './likely-places.ts';
import { Loudness, type Traits } from './loudness.ts';
import { type Pause, pausesIn } from './pauses.ts';
import { type Sketch, Sketcher } from './sketch.ts';
import type { Slices } from './slices.ts';

// Joins two renditions of one text, which Fish Audio never says twice in the same way (ADR 0002): decides where to
// leave the one that broke off, and where to enter the other. A place is a number of packets of 20 ms. All costs are
// counted in packets that people hear twice.

/** Where to leave a rendition that broke off. */
export interface Leaving {
  /** How many of its packets are heard, including those that were heard already. */
  readonly heard: number;
  /**
   * The place of the broken rendition from which the other one goes on: a pause, at or before `heard`; 0 is the
   * beginning of the text.
   */
  readonly from: number;
  /** How bad this choice is. */
  readonly cost: number;
}

/** What it costs if a part of a word is lost. */
const LOSS_PACKETS = 120;
/** Hardly any word is longer. If this many packets are said again, a word that was cut is heard whole. */
const WORD_PACKETS = 36;
/**
 * A pause of at least this clarity is certainly one between words. If all pauses are short, less is enough (see
 * `RELATIVE`).
 */
const CLEAR_PACKETS = 2.5;
/** How far the limit moves from `CLEAR_PACKETS` towards the clearest pause of the rendition: half of the way. */
const RELATIVE = 0.5;
/** Silences up to this clarity are too short to tell anything. */
const LEAST_PACKETS = 0.3;
/** Silences below this clarity are short, such as when the mouth closes within a word, which takes up to 60 ms. */
const SHORT_PACKETS = 1.5;
/** How many short silences a sound must have at least, to be taken for natural speech. */
const LEAST_SHORT = 3;
/** The share of all silences that the short ones must be: in natural speech the mouth often closes within words. */
const SHORT_SHARE = 0.25;
/** In natural speech, only a pause of at least this clarity is certainly one between words. */
const CLEAR_OF_SPEECH_PACKETS = 4.5;
/**
 * What each packet costs that could be heard and is not. People should have much to hear until the other rendition
 * comes.
 */
const EARLIER_COST = 0.02;
/** A place is found well if this many packets come after it in the broken rendition. */
const CONTEXT_PACKETS = 25;
/** What each packet costs that is missing from `CONTEXT_PACKETS`. */
const CONTEXT_COST = 0.2;
/** How many packets after the place are compared with the other rendition. */
const COMPARED_PACKETS = 75;
/**
 * A pause after the place costs this many times as much as one before it, since lost words are worse than repeated
 * ones.
 */
const LATER_FACTOR = 2;
/** If there is no pause near the place, the other rendition is entered this many packets before the place. */
const EARLIER_PACKETS = 3;
/** Less silence than this at the end of what was heard is no sign of a pause, because sounds have gaps too. */
const LEAST_SILENCE_PACKETS = 1;
/** After the end of the reference is found, this many more packets show how long the pause there is. */
const MORE_PACKETS = 8;

/** A rendition that broke off, and what is known about its sound. */
export class Broken {
  readonly packets: readonly Uint8Array[];
  readonly sketches: readonly (Sketch | null)[];
  readonly loudness: Loudness;
  readonly pauses: readonly Pause[];
  /** A pause with this clarity is certainly one between words. */
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

  /** Decodes all packets, in slices; each takes about 50 µs. */
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
   * Decides where to leave this rendition after `played` packets were heard. If there is a pause in the packets that
   * were not heard yet, it is left there, and nothing is said twice. Otherwise what follows the last pause is said
   * again. If a silence may be within a word, more is said again, so that this word is heard whole.
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

  /** Whether there is silence just before a place, and sound before that silence. */
  isSilentBefore(place: number): boolean {
    return this.pauses.some(
      ({ from, to }) => from > 0 && from <= place - LEAST_SILENCE_PACKETS && to >= place,
    );
  }

  /**
   * What it costs that a pause may be within a word. It costs less if more packets (`repeated`) before the seam are
   * said again, because then the word is heard whole.
   */
  risk({ clarity }: Pause, repeated: number): number {
    const doubt = Math.max(0, 1 - clarity / this.#clear) ** 2;
    return doubt * lossAfter(repeated);
  }
}

/** What it costs to go on in the middle of a word, if `repeated` packets are said again. */
function lossAfter(repeated: number): number {
  return LOSS_PACKETS * Math.max(0, 1 - Math.max(0, repeated) / WORD_PACKETS);
}

/** Compares the other rendition with the broken one, packet by packet, until it is known where to enter it. */
export class Entrance {
  readonly #broken: Broken;
  readonly #leaving: Leaving;
  readonly #sketcher = new Sketcher();
  readonly #sketches: (Sketch | null)[] = [];
  readonly #packets: Uint8Array[] = [];
  readonly #reference: readonly Traits[];
  readonly #alignment: Alignment;
  /** The traits of all packets that have come. */
  readonly #sound: Traits[] = [];
  /** `#before[n]` is what it costs to align the first n of them with the reference up to the place to go on from. */
  readonly #before: number[] = [0];
  /** Whether all packets until now are equal to those of the broken rendition, byte for byte. */
  #same = true;

  constructor(broken: Broken, leaving: Leaving) {
    this.#broken = broken;
    this.#leaving = leaving;
    const { sketches, loudness } = broken;
    const reference = sketches.slice(0, leaving.heard + COMPARED_PACKETS);
    this.#reference = reference.map(sketch => loudness.traits(sketch));
    this.#alignment = new Alignment(this.#reference, [leaving.from, leaving.heard]);
  }

  /** Takes the next packet. Returns the place where to enter as soon as it is known, and null before that. */
  push(packet: Uint8Array): number | null {
    const { heard, from } = this.#leaving;
    const at = this.#packets.push(packet);
    this.#same &&= Buffer.compare(packet, this.#broken.packets[at - 1] ?? NONE) === 0;
    if (this.#same) return at >= heard ? heard : null;
    if (from === 0 && !this.#broken.isSilentBefore(heard)) return 0;
    while (this.#sketches.length < at) this.#listen();
    return this.#alignment.settled && at >= this.#alignment.end + MORE_PACKETS ? this.end() : null;
  }

  /** Returns the place where to enter, as well as it can be told from the packets until now. */
  end(): number {
    const { heard, from, cost } = this.#leaving;
    if (this.#same) return Math.min(heard, this.#packets.length);
    const [atFrom, atHeard] = this.#alignment.places;
    const pauses = pausesIn(this.#sketches, this.#broken.loudness);
    if (atFrom === undefined || atHeard === undefined) return this.#estimate();
    // If a silence had just begun, only the other rendition shows whether it is a pause between words.
    const next = pauses.find(pause => pause.from - 1 <= atHeard && atHeard <= pause.to + 1);
    const silent = this.#broken.isSilentBefore(heard);
    if (from < heard && silent && next && this.#broken.risk(next, 0) < cost) return next.at;
    return from === 0 ? 0 : this.#nearest(pauses, atFrom, atHeard);
  }

  /**
   * Chooses the pause to enter at. It is the pause at the place, or an earlier one if the place may be there, or if
   * only the earlier one is certainly a pause. If there is no pause, it is a little before the place.
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
      // If the place were in an earlier pause, what lies between the two pauses would be lost.
      const cost = distance + this.#broken.risk(pause, heardAt - pause.at) + LOSS_PACKETS * earlier;
      earlier += likely[index] ?? 0;
      if (cost < least) [best, least] = [pause.at, cost];
    }
    return best;
  }

  /** Estimates the place by the lengths alone, because the two renditions could not be aligned. */
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
