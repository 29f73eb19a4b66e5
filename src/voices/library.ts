import { setTimeout as sleep } from 'node:timers/promises';
import type { Voice, VoicePage, Voices } from '../fish/voices.ts';
import type { Logger } from '../log.ts';
import { VoiceHealth } from './voice-health.ts';
import { KnownVoices } from './known-voices.ts';
import { queriesFor } from './query.ts';
import { Questions, within } from './questions.ts';
import { entryOf, ranked } from './ranking.ts';
import { voiceName } from './voice-name.ts';
import { foldForSearch, searchWords } from './words.ts';

/** The first pages of all voices, and the first of each of these languages. */
const FIRST_PAGES = 3;
const FIRST_LANGUAGES = ['en', 'ja', 'es', 'de', 'fr', 'pt', 'ko', 'zh', 'ru', 'ar', 'it', 'pl'];
const PAGE_SIZE = 100;
const FRESH_MS = 60 * 60_000;
const AGAIN_MS = 60_000;
/** How long somebody who turns a page waits for Fish before memory has to do. */
const PAGE_MS = 2_500;
const FOUND_AT_ONCE = 50;
/** A title is clearly meant from here on, and with nothing else as near. */
const CLEAR = 0.9;
const NEXT_BEST = 0.1;

export type { Voice } from '../fish/voices.ts';

const NOTHING_KNOWN = { languages: [], tags: [], likes: 0, isPublic: false, lines: [] };

export interface LibraryOptions {
  readonly voices: Voices;
  readonly log: Logger;
  /** Most voices in memory. */
  readonly max?: number;
}

/**
 * The voices that people choose from, in memory: what is asked of it at once is answered at once, and Fish Audio is
 * asked in the background, for the next time.
 */
export class VoiceLibrary implements Disposable {
  readonly gone = new VoiceHealth();
  readonly #voices: Voices;
  readonly #log: Logger;
  readonly #known: KnownVoices;
  readonly #life = new AbortController();
  readonly #questions = new Questions();
  /** What answers at Fish's address does have a library. */
  #hasListed = false;

  constructor({ voices, log, max }: LibraryOptions) {
    this.#voices = voices;
    this.#log = log;
    this.#known = new KnownVoices(max);
    void this.#keepFresh().catch((error: unknown) => {
      if (!this.#life.signal.aborted) log.error({ err: error }, 'the library of voices is not kept fresh');
    });
  }

  get size(): number {
    return this.#known.size;
  }

  /** The voice, if it is known here. */
  get(id: string): Voice | undefined {
    return this.#known.get(id);
  }

  /** It is there: Fish Audio has told of it, or something was said in it. */
  isProven(id: string): boolean {
    return this.#known.get(id) !== undefined || this.gone.hasSpoken(id);
  }

  /** As people see it: its id, where no more is known; Fish is asked then, for the next time. */
  nameOf(id: string): string {
    const voice = this.#known.get(id);
    if (!voice) this.#inBackground(`id ${id}`, () => this.#find(id));
    return voice ? voiceName(voice) : id;
  }

  /** The voices that somebody may mean, best first; of those that they typed nothing of, the most liked. */
  search(typed: string, max: number): readonly Voice[] {
    const voices = ranked(this.#known.findable(), typed).map(({ voice }) => voice);
    return voices.filter(({ id }) => !this.gone.has(id)).slice(0, max);
  }

  /** The most liked voices, first those that speak the language of a locale. */
  liked(locale: string, max: number): readonly Voice[] {
    const [language = ''] = locale.split('-', 1);
    const voices = this.search('', this.size);
    const native = voices.filter(({ languages }) => languages.includes(language));
    return [...new Set([...native, ...voices])].slice(0, max);
  }

  /** There is a voice of that name, which is not for everybody. */
  know(id: string, title: string): void {
    if (!this.#known.get(id)) this.#known.add({ ...NOTHING_KNOWN, id, title });
  }

  /** Which of these voices somebody may mean; of one without a name, by its id. */
  among(ids: Iterable<string>, typed: string): readonly string[] {
    const all = [...new Set(ids)].filter(id => !this.gone.has(id));
    if (searchWords(typed).length === 0) return all;
    const entries = all.map(id => entryOf(this.#known.get(id) ?? { ...NOTHING_KNOWN, id, title: id }));
    return ranked(entries, typed).map(({ voice }) => voice.id);
  }

  /** The one voice that is clearly meant by its title, if there is one. */
  named(typed: string): Voice | null {
    const [best, next] = ranked(this.#known.findable(), typed).filter(
      ({ voice }) => !this.gone.has(voice.id),
    );
    if (!best || searchWords(typed).length === 0) return null;
    if (foldForSearch(best.voice.title) === foldForSearch(typed)) return best.voice;
    const alone = best.likeness - (next?.likeness ?? 0) >= NEXT_BEST;
    return best.likeness >= CLEAR && alone ? best.voice : null;
  }

  /** Asks Fish for what is being typed, once, in the background: the next to type it has the answer. */
  look(typed: string): void {
    const text = foldForSearch(typed);
    if (text.length > 1) this.#inBackground(`text ${text}`, () => this.#ask(typed, 1, FOUND_AT_ONCE));
  }

  /** Asks Fish for a typed text, and waits for the answer up to `ms`. */
  async learn(typed: string, ms: number): Promise<void> {
    await within(ms, this.#ask(typed, 1, FOUND_AT_ONCE));
  }

  /** A page of what Fish finds, from 1; of what is known here, where Fish does not answer or finds nothing. */
  async page(typed: string, page: number, pageSize: number): Promise<VoicePage> {
    const found = await within(PAGE_MS, this.#ask(typed, page, pageSize));
    if (found && found.total > 0) return found;
    const voices = ranked(this.#known.findable(), typed).map(({ voice }) => voice);
    return { total: voices.length, voices: voices.slice((page - 1) * pageSize, page * pageSize) };
  }

  /**
   * The voice, from memory or from Fish; null if there is none of that id, undefined if nothing is known of it within
   * `ms`. Another server than Fish Audio's own may have voices and no library to tell: only one that has is believed.
   */
  async lookUp(id: string, ms: number): Promise<Voice | null | undefined> {
    const known = this.#known.get(id);
    if (known) return known;
    const until = performance.now() + ms;
    const found = await within(ms, this.#find(id));
    if (found !== null || this.#hasListed) return found;
    await within(until - performance.now(), this.#list({ pageSize: 1 }));
    return this.#hasListed ? null : undefined;
  }

  [Symbol.dispose](): void {
    this.#life.abort();
  }

  #inBackground(key: string, ask: () => Promise<unknown>): void {
    // Not the error: what Fish answers may repeat what was typed.
    this.#questions.once(key, ask, () => this.#log.debug('Fish Audio was asked for voices in vain'));
  }

  async #find(id: string): Promise<Voice | null> {
    const voice = await this.#voices.find(id, this.#life.signal);
    if (voice) this.#known.add(voice);
    return voice;
  }

  async #ask(typed: string, page: number, pageSize: number): Promise<VoicePage> {
    let found: VoicePage = { total: 0, voices: [] };
    for (const query of queriesFor(typed)) {
      found = await this.#list({ ...query, page, pageSize });
      if (found.total > 0) break;
    }
    return found;
  }

  async #list(query: Parameters<Voices['search']>[0]): Promise<VoicePage> {
    const found = await this.#voices.search(query, this.#life.signal);
    this.#hasListed = true;
    for (const voice of found.voices) this.#known.add(voice);
    // One that is listed twice would be two buttons with one id.
    return { ...found, voices: [...new Map(found.voices.map(voice => [voice.id, voice])).values()] };
  }

  async #keepFresh(): Promise<void> {
    const { signal } = this.#life;
    for (let failures = 0; ; ) {
      try {
        for (let page = 1; page <= FIRST_PAGES; page++) await this.#list({ page, pageSize: PAGE_SIZE });
        for (const language of FIRST_LANGUAGES) await this.#list({ language, pageSize: PAGE_SIZE });
        failures = 0;
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        this.#log.warn({ err: error, failures }, "Fish Audio's library of voices does not answer");
      }
      const ms = failures === 0 ? FRESH_MS : Math.min(FRESH_MS, AGAIN_MS * 2 ** (failures - 1));
      await sleep(ms, undefined, { signal, ref: false });
    }
  }
}
