import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { TtsRequest } from '../fish/protocol.ts';

// Remembers how Fish Audio has said short texts in a guild, so that the same text costs nothing the next time. What may
// be kept, for how long, and for whom it may be used is decided here; `speech.ts` looks here first.

/** How many bytes all renditions together may take, with what it takes to keep them. */
const MAX_BYTES = 16 * 1024 * 1024;
/** What a place in memory takes besides its sound, in bytes (measured with 20,000 of them). */
const PLACE_BYTES = 1_000;
/** A rendition is forgotten an hour after it was made. */
const KEPT_MS = 60 * 60_000;
/** How often what is too old is removed, whether or not somebody asks for it. */
const SWEEP_EACH_MS = 60_000;
/** Longer texts are hardly ever said again. UTF-8 bytes. */
const MAX_TEXT_BYTES = 200;
/** A longer sound (10 s) is not kept. */
const MAX_PACKETS = 500;

/** Whose words a line holds, and whether what is made of them may be kept for the next time. */
export interface LineMemory {
  /** The ids of those who want it said and whose words it is; when one of them is forgotten, the rendition is too. */
  readonly people: readonly string[];
  /** The id of the one whose words they are. */
  readonly speakerId: string;
  /** Whether a voice is somebody's own; it then only speaks from memory for the one whose words it says. */
  readonly isPrivate: (voice: string) => boolean;
  /** Whether it may be used and kept now: the guild wants it, and nobody of these people has opted out. */
  readonly allowed: () => boolean;
}

/** All that shapes a sound, and where it is said. */
export interface Wanted {
  readonly guildId: string;
  readonly model: string;
  readonly words: string;
  /** The id of the voice; undefined for Fish Audio's own. */
  readonly voice: string | undefined;
  readonly request: Partial<TtsRequest>;
  readonly memory: LineMemory;
}

interface Place {
  readonly guildId: string;
  readonly voice: string | undefined;
  readonly people: Set<string>;
  readonly rendition: Rendition;
}

/** The packets of one rendition, one behind the other. */
interface Rendition {
  readonly sound: Uint8Array;
  /** The number of the byte behind each packet. */
  readonly ends: Uint32Array;
}

/** Keeps what Fish Audio makes of the words that are said now, if it may be kept. */
interface Take {
  /** Call this with each packet. */
  take(packet: Uint8Array): void;
  /** Call this when the rendition is whole and had no fault. */
  keep(): void;
}

/**
 * The renditions of all guilds are in memory, for an hour at most. When a text comes again in its guild it is said in
 * the very packets of the first time. No words are kept: places are found by a digest of all that shapes the sound.
 */
export class SpeechCache implements Disposable {
  /** How many lines came from memory, and the UTF-8 bytes of words that were not sent to Fish Audio for that reason. */
  hits = 0;
  savedBytes = 0;
  readonly #places: LRUCache<string, Place>;
  readonly #sweep: NodeJS.Timeout;
  /** How often something was forgotten on demand. What was begun before that is not kept. */
  #forgotten = 0;

  constructor({ maxBytes = MAX_BYTES, now = () => performance.now() } = {}) {
    this.#places = new LRUCache({
      maxSize: maxBytes,
      ttl: KEPT_MS,
      ttlResolution: 0,
      perf: { now },
      sizeCalculation: ({ rendition: { sound, ends } }) => PLACE_BYTES + sound.length + ends.byteLength,
    });
    this.#sweep = setInterval(() => this.#places.purgeStale(), SWEEP_EACH_MS).unref();
  }

  /** How many renditions there are, and how many bytes they take. */
  get figures(): { readonly renditions: number; readonly bytes: number } {
    return { renditions: this.#places.size, bytes: this.#places.calculatedSize };
  }

  /** Returns the packets of an earlier rendition of the same words; null if they have to be made by Fish Audio. */
  find(wanted: Wanted): Uint8Array[] | null {
    if (!isShort(wanted) || !wanted.memory.allowed()) return null;
    const place = this.#places.get(keyOf(wanted));
    if (!place) return null;
    for (const person of wanted.memory.people) place.people.add(person);
    this.hits += 1;
    this.savedBytes += Buffer.byteLength(wanted.words);
    const { sound, ends } = place.rendition;
    // These are copies, so that a packet that still waits to be heard does not keep a whole forgotten sound in memory.
    return Array.from(ends, (end, index) => sound.slice(ends[index - 1] ?? 0, end));
  }

  /** Begins to record what Fish Audio makes of words; undefined if that is not to be kept. */
  record(wanted: Wanted): Take | undefined {
    if (!isShort(wanted) || !wanted.memory.allowed()) return undefined;
    const before = this.#forgotten;
    const packets: Uint8Array[] = [];
    let tooLong = false;
    return {
      take: packet => {
        if (packets.length === MAX_PACKETS) tooLong = true;
        else packets.push(packet);
      },
      keep: () => {
        if (!tooLong && before === this.#forgotten && wanted.memory.allowed()) this.#keep(wanted, packets);
      },
    };
  }

  /** Forgets what a person had said, in one guild, or in all if none is given. */
  forgetPerson(userId: string, guildId?: string): void {
    this.#forget(place => place.people.has(userId) && (guildId === undefined || place.guildId === guildId));
  }

  /** Forgets everything. */
  clear(): void {
    this.#forget(() => true);
  }

  /** Forgets what was said in a voice. */
  forgetVoice(voice: string): void {
    this.#forget(place => place.voice === voice);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweep);
    this.#places.clear();
  }

  #keep(wanted: Wanted, packets: readonly Uint8Array[]): void {
    const { guildId, voice, memory } = wanted;
    const people = new Set(memory.people);
    this.#places.set(keyOf(wanted), { guildId, voice, people, rendition: renditionOf(packets) });
  }

  #forget(which: (place: Place) => boolean): void {
    this.#forgotten += 1;
    for (const [key, place] of this.#places.entries()) if (which(place)) this.#places.delete(key);
  }
}

function isShort({ words, request }: Wanted): boolean {
  return request.references === undefined && Buffer.byteLength(words) <= MAX_TEXT_BYTES;
}

/** A digest, so that no words are in memory for longer than they are said. */
function keyOf({ guildId, model, words, voice, request, memory }: Wanted): string {
  const whose = voice !== undefined && memory.isPrivate(voice) ? memory.speakerId : null;
  const shape = Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([guildId, whose, model, words, shape]));
}

function renditionOf(packets: readonly Uint8Array[]): Rendition {
  let end = 0;
  const ends = Uint32Array.from(packets, packet => (end += packet.length));
  const sound = new Uint8Array(end);
  for (const [index, packet] of packets.entries()) sound.set(packet, ends[index - 1] ?? 0);
  return { sound, ends };
}
