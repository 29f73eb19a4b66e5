import { Broken, Entrance, type Leaving } from '../audio/seam.ts';
import { Slices } from '../audio/slices.ts';

/** What became of the packets that were handed out. */
export interface Delivery {
  /** So many of them were heard. */
  readonly played: number;
  /** Forgets those after the first `packets`, which are no fewer than were heard. */
  keep(packets: number): void;
}

/** Sound that is cut off ends in a pause of its last seconds. */
const CUT_WITHIN_PACKETS = 150;

/**
 * The renditions of one utterance: the first, and where that broke off, the next, joined to it in a pause. Who reads
 * an utterance is handed out its packets, and they are taken back as far as nobody has heard them.
 */
export class Renditions {
  readonly #delivery: Delivery | undefined;
  /** What was handed out, without what was said twice: each rendition is compared with it. */
  readonly #packets: Uint8Array[] = [];
  /** So many more were handed out: words that were broken, and were said again. */
  #repeated = 0;
  /** The place, of those in `#packets`, where the present rendition begins. */
  #joined = 0;
  /** Set from the end of one rendition until it is known where to enter the next. */
  #leave: { readonly broken: Broken; readonly leaving: Leaving } | null = null;
  #entrance: Entrance | null = null;
  /** What came of the rendition that is to be entered. */
  #held: Uint8Array[] = [];

  /** Without `delivery` all that was handed out counts as heard. */
  constructor(delivery?: Delivery) {
    this.#delivery = delivery;
  }

  /** How many packets were handed out and not taken back. */
  get count(): number {
    return (this.#leave ? this.#leave.leaving.heard : this.#packets.length) + this.#repeated;
  }

  /** It is not known yet where to enter the present rendition: each packet takes time to be compared. */
  get searching(): boolean {
    return this.#entrance !== null;
  }

  /** The next packet of the present rendition. Returns those that are to be handed out now. */
  take(packet: Uint8Array): Uint8Array[] {
    if (!this.#entrance) return this.#handOut([packet]);
    this.#held.push(packet);
    const place = this.#entrance.push(packet);
    return place === null ? [] : this.#enter(place);
  }

  /** The present rendition is whole. Returns what is to be handed out of it still. */
  finish(): Uint8Array[] {
    return this.#entrance && this.#held.length > 0 ? this.#enter(this.#entrance.end()) : [];
  }

  /** The present rendition broke off, and another one will come. Takes back what may be said better by that. */
  async breakOff(signal: AbortSignal): Promise<void> {
    this.#held = [];
    if (this.#packets.length === 0) return;
    this.#leave ??= await this.#leaving(signal);
    const { broken, leaving } = this.#leave;
    this.#entrance = new Entrance(broken, leaving);
  }

  /** No other rendition will come. Returns what was taken back: it is better than nothing. */
  giveUp(): Uint8Array[] {
    if (!this.#leave) return [];
    const { broken, leaving } = this.#leave;
    this.#leave = null;
    this.#entrance = null;
    return broken.packets.slice(leaving.heard);
  }

  /** Nothing more will be handed out: takes back what comes after the clearest pause of the last seconds. */
  async cutShort(signal: AbortSignal): Promise<void> {
    const from = Math.max(0, this.#packets.length - CUT_WITHIN_PACKETS);
    const { pauses } = await Broken.of(this.#packets.slice(from), new Slices(signal));
    const played = this.#played - this.#repeated - from;
    const unheard = pauses.filter(({ at }) => at >= played);
    const [clearest] = unheard.toSorted((a, b) => b.clarity - a.clarity || b.at - a.at);
    if (clearest) this.#delivery?.keep(from + clearest.at + this.#repeated);
  }

  get #played(): number {
    return this.#delivery?.played ?? this.count;
  }

  async #leaving(signal: AbortSignal): Promise<{ broken: Broken; leaving: Leaving }> {
    const broken = await Broken.of(this.#packets.slice(), new Slices(signal));
    // From here on nothing is awaited until it is taken back: meanwhile people would have heard more.
    const leaving = broken.leave(Math.max(this.#joined, this.#played - this.#repeated));
    this.#delivery?.keep(leaving.heard + this.#repeated);
    return { broken, leaving };
  }

  #enter(place: number): Uint8Array[] {
    const { heard, from } = this.#leave?.leaving ?? { heard: 0, from: 0 };
    this.#repeated += heard - from;
    this.#packets.length = from;
    this.#joined = from;
    this.#leave = null;
    this.#entrance = null;
    const held = this.#held;
    this.#held = [];
    return this.#handOut(held.slice(place));
  }

  #handOut(packets: Uint8Array[]): Uint8Array[] {
    this.#packets.push(...packets);
    return packets;
  }
}
