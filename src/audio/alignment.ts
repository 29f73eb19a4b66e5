import type { Traits } from './loudness.ts';

// When Fish Audio breaks off within a line, it is asked to say the words once more. This file compares the two sounds,
// packet by packet, and finds a place of the first one in the second. `seam.ts` then decides where to join them.

/** What each packet costs by which the sound is slower or faster than the reference: in sound, and in silence. */
const SOUND_STEP = 0.3;
const SILENT_STEP = 0.04;
/** What each packet of sound costs that is not in the reference at all. */
const EXTRA_SOUND = 1.2;
/** How much a difference in loudness counts. */
const LOUDNESS_WEIGHT = 0.1;
/**
 * How much a difference of the frequency bands counts, and one of silence, if the reference is noise and if it is
 * speech.
 */
const BANDS_WEIGHT = { noise: 0.1, speech: 0.7 };
const SILENCE_WEIGHT = { noise: 1, speech: 0.5 };
/**
 * The share by which neighbouring packets differ less than packets far apart, times this, says how much a sound is like
 * speech. For clear speech that gives 1.
 */
const SPEECH_FACTOR = 1.6;
/** If a sound has fewer packets than this, nobody can tell whether it is speech or noise. */
const LEAST_PAIRS = 4;
/** A packet whose silence is less than this is sound. */
const LOUD = 0.25;
/** The distance that is assumed for a packet that could not be decoded. */
const UNKNOWN_DISTANCE = 0.25;
/** How many times as fast as another one rendition may be, and how many more packets of silence it may have. */
export const FASTEST = 2;
export const SLACK_PACKETS = 60;

/**
 * Compares a sound, which comes packet by packet, with another rendition of the same words (the reference), and finds
 * where places of the reference are in the sound. Both have to begin with the same word. The method is dynamic time
 * warping: each packet of the reference costs once, and the sound may go on after the reference has ended. A place is a
 * number of packets. It takes about 50 ns for each pair of packets.
 */
export class Alignment {
  readonly #reference: readonly Traits[];
  readonly #marks: readonly number[];
  readonly #bandsWeight: number;
  readonly #silenceWeight: number;
  /** The columns of the last packet and of the one before it, and a third one, which the next packet overwrites. */
  #columns: [Column, Column, Column];
  #count = 0;
  #best = Number.POSITIVE_INFINITY;
  #end = 0;
  #places: readonly number[] = [];
  #least = 0;

  /** `marks` are the places of the reference that are to be found. The reference must not be empty. */
  constructor(reference: readonly Traits[], marks: readonly number[]) {
    this.#reference = reference;
    this.#marks = marks;
    const trust = speechLikeness(reference);
    const between = ({ noise, speech }: { noise: number; speech: number }) =>
      noise + (speech - noise) * trust;
    this.#bandsWeight = between(BANDS_WEIGHT);
    this.#silenceWeight = between(SILENCE_WEIGHT);
    const column = () => new Column(reference.length + 1, marks.length);
    this.#columns = [column(), column(), column()];
    this.#columns[0].costs[0] = 0;
  }

  /** Where the reference ends in the sound, by the best alignment until now. */
  get end(): number {
    return this.#end;
  }

  /** Where the marks are in the sound, by the best alignment until now; empty while the sound is still too short. */
  get places(): readonly number[] {
    return this.#places;
  }

  /** What it costs to align the first `packets` of the reference with all of the sound until now. */
  costOf(packets: number): number {
    return this.#columns[0].costs[packets] ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the result is final: no packet that may still come can change it. */
  get settled(): boolean {
    return this.#best <= this.#least;
  }

  /** Takes the next packet of the sound. */
  push(traits: Traits): void {
    const reference = this.#reference;
    const { length } = reference;
    const [before, twoBefore, column] = this.#columns;
    const at = this.#count;
    this.#count += 1;
    const from = Math.max(1, Math.floor(this.#count / FASTEST) - SLACK_PACKETS);
    const to = Math.min(length, this.#count * FASTEST + SLACK_PACKETS);
    column.clear();
    column.costs[0] = before.costs[0]! + SILENT_STEP + (1 - traits.silence) * EXTRA_SOUND;
    let least = column.costs[0];
    for (let i = from; i <= to; i++) {
      const one = reference[i - 1]!;
      const unlike = this.#unlike(one, traits);
      column.unlike[i] = unlike;
      const silent = Math.min(one.silence, traits.silence);
      const step = SOUND_STEP + (SILENT_STEP - SOUND_STEP) * silent;
      // A packet of the reference may be one packet of the sound, or two, or none: then it shares the packet of the one
      // before it.
      let cost = before.costs[i - 1]! + unlike;
      let source = before;
      let row = i - 1;
      const two = twoBefore.costs[i - 1]! + (unlike + before.unlike[i]!) / 2 + step;
      if (two < cost) {
        cost = two;
        source = twoBefore;
      }
      const none = column.costs[i - 1]! + unlike + step;
      if (none < cost) {
        cost = none;
        source = column;
      }
      // Or the packet of the sound is not in the reference, which is cheap only where it is silence.
      const more = before.costs[i]! + SILENT_STEP + (1 - silent) * EXTRA_SOUND;
      if (more < cost) {
        cost = more;
        source = before;
        row = i;
      }
      column.costs[i] = cost;
      if (cost < least) least = cost;
      for (const [mark, place] of this.#marks.entries()) {
        const places = column.places[mark]!;
        places[i] = i - 1 === place && row < i ? at : source.places[mark]![row]!;
      }
    }
    this.#columns = [column, before, twoBefore];
    this.#least = least;
    const cost = column.costs[length]!;
    if (cost >= this.#best) return;
    this.#best = cost;
    this.#end = this.#count;
    this.#places = this.#marks.map((place, mark) =>
      place < length ? column.places[mark]![length]! : this.#count,
    );
  }

  /** How different two packets are; 0 if they are the same. */
  #unlike(one: Traits, other: Traits): number {
    const loudness = LOUDNESS_WEIGHT * Math.abs(one.loudness - other.loudness);
    const silence = this.#silenceWeight * Math.abs(one.silence - other.silence);
    return loudness + silence + this.#bandsWeight * bandDistance(one, other);
  }
}

/**
 * One column of the table of dynamic time warping: one packet of the sound, with a row for each packet of the
 * reference.
 */
class Column {
  /** For each number of packets of the reference: what the best alignment costs that has come so far. */
  readonly costs: Float64Array;
  /** How different this packet of the sound is from each packet of the reference. */
  readonly unlike: Float64Array;
  /** For each mark: where it is in the sound by that best alignment. */
  readonly places: readonly Int32Array[];

  constructor(length: number, marks: number) {
    this.costs = new Float64Array(length).fill(Number.POSITIVE_INFINITY);
    this.unlike = new Float64Array(length);
    this.places = Array.from({ length: marks }, () => new Int32Array(length));
  }

  clear(): void {
    this.costs.fill(Number.POSITIVE_INFINITY);
  }
}

/** The mean difference of the bands of two packets. If one of them could not be decoded, a middling one is assumed. */
function bandDistance(one: Traits, other: Traits): number {
  const { length } = one.bands;
  if (length === 0 || other.bands.length === 0) return UNKNOWN_DISTANCE;
  let sum = 0;
  for (let band = 0; band < length; band++) sum += Math.abs(one.bands[band]! - other.bands[band]!);
  return sum / length;
}

/**
 * Returns how much a sound is like speech: 0 for noise, up to 1 for speech. In speech a packet is much like the next
 * one, and less like one far away. In noise it differs from both as much.
 */
function speechLikeness(traits: readonly Traits[]): number {
  const loud = traits.filter(({ silence }) => silence < LOUD);
  const far = loud.length >> 1;
  let near = 0;
  let apart = 0;
  for (const [index, one] of loud.slice(0, -1).entries()) {
    near += bandDistance(one, loud[index + 1]!);
    apart += bandDistance(one, loud[(index * 7 + 3 + far) % loud.length]!);
  }
  if (loud.length <= LEAST_PAIRS || apart === 0) return 1;
  return Math.max(0, Math.min(1, (1 - near / apart) * SPEECH_FACTOR));
}
