import type { Voice } from '../fish/voices.ts';
import { type Entry, entryOf } from './ranking.ts';

// Keeps the voices in memory that Fish Audio has listed. Change here how many, and what is kept of each.
// `library.ts` asks Fish Audio for them.

const MAX_VOICES = 4_000;
/** The most sample texts that are kept of a voice, and the most UTF-16 units of each. */
const MAX_LINES = 3;
const MAX_LINE = 600;

/** When there are too many voices, the one that Fish Audio has not listed for the longest time is dropped. */
export class KnownVoices {
  readonly #max: number;
  readonly #entries = new Map<string, Entry>();

  constructor(max = MAX_VOICES) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: string): Voice | undefined {
    return this.#entries.get(id)?.voice;
  }

  add(voice: Voice): void {
    const lines = voice.lines.slice(0, MAX_LINES).map(line => line.slice(0, MAX_LINE));
    this.#entries.delete(voice.id);
    this.#entries.set(voice.id, entryOf({ ...voice, lines }));
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#max && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** The public voices, which everybody may find. */
  *findable(): Iterable<Entry> {
    for (const entry of this.#entries.values()) if (entry.voice.isPublic) yield entry;
  }
}
