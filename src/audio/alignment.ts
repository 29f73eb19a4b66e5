import type { Traits } from './loudness.ts';

/** What it costs to be so much slower or faster than the reference, for each packet: in sound, and in silence. */
const SOUND_STEP = 0.3;
const SILENT_STEP = 0.04;
/** What a packet of sound costs that is not in the reference at all. */
const EXTRA_SOUND = 1.2;
const LOUDNESS_WEIGHT = 0.1;
/** How much the bands tell, and how much silence does: where the bands are noise, and where they are speech. */
const BANDS_WEIGHT = { noise: 0.1, speech: 0.7 };
const SILENCE_WEIGHT = { noise: 1, speech: 0.5 };
/** Neighbours in speech are so much more alike than others that this times the difference is 1. */
const SPEECH_FACTOR = 1.6;
/** Fewer packets of sound than this tell nothing about how alike neighbours are. */
const LEAST_PAIRS = 4;
/** Less silent than this is sound. */
const LOUD = 0.25;
const UNKNOWN_DISTANCE = 0.25;
/** One rendition is at most twice as fast as another, and may be silent for so many packets more. */
const FASTEST = 2;
const SLACK_PACKETS = 60;

/**
 * Finds, in a sound that comes packet by packet, the places of another rendition of the same words, the reference:
 * dynamic time warping, in which each packet of the reference costs once, and the end is open. Both begin with
 * the same word. Places are numbers of packets. Takes about 50 ns for each pair of packets.
 */
export class Alignment {
  readonly #reference: readonly Traits[];
  readonly #marks: readonly number[];
  readonly #bandsWeight: number;
  readonly #silenceWeight: number;
  /** The columns of the packet that comes, of the one before and of the one before that. */
  #columns: [Column, Column, Column];
  #count = 0;
  #best = Number.POSITIVE_INFINITY;
  #end = 0;
  #places: readonly number[] = [];
  #least = 0;

  /** `marks` are the places of the reference to be found. The reference is not empty. */
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

  /** Where the reference ends in the sound, as far as is known. */
  get end(): number {
    return this.#end;
  }

  /** Where the marks are in the sound, as far as is known; empty while it is too short to have all of the reference. */
  get places(): readonly number[] {
    return this.#places;
  }

  /** What it costs to align so many packets of the reference with all of the sound until now. */
  costOf(packets: number): number {
    return this.#columns[0].costs[packets] ?? Number.POSITIVE_INFINITY;
  }

  /** Nothing that may come can change it. */
  get settled(): boolean {
    return this.#best <= this.#least;
  }

  /** The next packet of the sound. */
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
      // A packet of the reference is one packet of the sound, or two, or as the one before it none;
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
      // or the sound has more, which should be silence.
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

  /** 0 for the same. */
  #unlike(one: Traits, other: Traits): number {
    const loudness = LOUDNESS_WEIGHT * Math.abs(one.loudness - other.loudness);
    const silence = this.#silenceWeight * Math.abs(one.silence - other.silence);
    return loudness + silence + this.#bandsWeight * bandDistance(one, other);
  }
}

/** What a packet of the sound makes of each packet of the reference. */
class Column {
  /** What the best way to get this far has cost, by how many packets of the reference it has passed. */
  readonly costs: Float64Array;
  readonly unlike: Float64Array;
  /** Where each mark was on that way. */
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

/** The mean difference of the bands; of a packet that did not decode it is not known, and taken as middling. */
function bandDistance(one: Traits, other: Traits): number {
  const { length } = one.bands;
  if (length === 0 || other.bands.length === 0) return UNKNOWN_DISTANCE;
  let sum = 0;
  for (let band = 0; band < length; band++) sum += Math.abs(one.bands[band]! - other.bands[band]!);
  return sum / length;
}

/** 0 where neighbours are as unlike as any two packets of a sound, as in noise; up to 1 where they are alike. */
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
