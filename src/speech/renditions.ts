import { Broken, Entrance, type Leaving } from '../audio/seam.ts';
import { Slices } from '../audio/slices.ts';

// Joins what Fish Audio said of an utterance before it broke off with what it said in the second try.

/** What is heard of the packets that were handed out. */
export interface Playback {
  /** How many of the packets have been heard. */
  readonly played: number;
  /** Drops all packets after the first `packets`, which has to be at least `played`. */
  keep(packets: number): void;
}

/** Sound without end is cut off in a pause, which is searched in its last packets (3 s). */
const CUT_WITHIN_PACKETS = 150;

/**
 * Joins the renditions of one utterance: the first one and, where that broke off, the next one, in a pause. It hands
 * out packets as they come, and can take back packets that nobody has heard yet.
 */
export class Renditions {
  readonly #playback: Playback | undefined;
  /**
   * The packets that were handed out, except those of words that were then said again. The next rendition is compared
   * with these.
   */
  readonly #packets: Uint8Array[] = [];
  /** How many packets were handed out besides `#packets`: those of words that were then said again. */
  #repeated = 0;
  /** The number of the packet in `#packets` with which the present rendition begins. */
  #joined = 0;
  /** Where the last rendition is left; null except while it is searched where to enter the next one. */
  #leave: { readonly broken: Broken; readonly leaving: Leaving } | null = null;
  /** Searches where to enter the present rendition; null if that is known. */
  #entrance: Entrance | null = null;
  /** The packets of the rendition that is to be entered. */
  #held: Uint8Array[] = [];

  /** If `playback` is absent, all packets that were handed out count as heard. */
  constructor(playback?: Playback) {
    this.#playback = playback;
  }

  /** How many packets were handed out and not taken back. */
  get count(): number {
    return (this.#leave ? this.#leave.leaving.heard : this.#packets.length) + this.#repeated;
  }

  /** Whether it is still searched where to enter the present rendition, so that each packet takes time to compare. */
  get searching(): boolean {
    return this.#entrance !== null;
  }

  /** Takes the next packet of the present rendition, and returns the packets that are to be handed out now. */
  take(packet: Uint8Array): Uint8Array[] {
    if (!this.#entrance) return this.#handOut([packet]);
    this.#held.push(packet);
    const place = this.#entrance.push(packet);
    return place === null ? [] : this.#enter(place);
  }

  /** Says that the present rendition is complete, and returns the packets that are still to be handed out. */
  finish(): Uint8Array[] {
    return this.#entrance && this.#held.length > 0 ? this.#enter(this.#entrance.end()) : [];
  }

  /**
   * Says that the present rendition broke off and another one will come. Takes back what the other one will say again.
   */
  async breakOff(signal: AbortSignal): Promise<void> {
    this.#held = [];
    if (this.#packets.length === 0) return;
    this.#leave ??= await this.#leaving(signal);
    const { broken, leaving } = this.#leave;
    this.#entrance = new Entrance(broken, leaving);
  }

  /** Says that no other rendition will come, and returns what was taken back, which is better than nothing. */
  giveUp(): Uint8Array[] {
    if (!this.#leave) return [];
    const { broken, leaving } = this.#leave;
    this.#leave = null;
    this.#entrance = null;
    return broken.packets.slice(leaving.heard);
  }

  /** Ends the utterance here, and takes back what comes after the clearest pause of its last seconds. */
  async cutShort(signal: AbortSignal): Promise<void> {
    const from = Math.max(0, this.#packets.length - CUT_WITHIN_PACKETS);
    const { pauses } = await Broken.of(this.#packets.slice(from), new Slices(signal));
    const played = this.#played - this.#repeated - from;
    const unheard = pauses.filter(({ at }) => at >= played);
    const [clearest] = unheard.toSorted((a, b) => b.clarity - a.clarity || b.at - a.at);
    if (clearest) this.#playback?.keep(from + clearest.at + this.#repeated);
  }

  get #played(): number {
    return this.#playback?.played ?? this.count;
  }

  async #leaving(signal: AbortSignal): Promise<{ broken: Broken; leaving: Leaving }> {
    const broken = await Broken.of(this.#packets.slice(), new Slices(signal));
    // Nothing may be awaited between these two lines, because people would hear more packets meanwhile.
    const leaving = broken.leave(Math.max(this.#joined, this.#played - this.#repeated));
    this.#playback?.keep(leaving.heard + this.#repeated);
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
