import { setTimeout as sleep } from 'node:timers/promises';
import { VoiceHealth } from '../fish/voice-health.ts';
import type { Voice, VoicePage, Voices } from '../fish/voices.ts';
import type { Logger } from '../log.ts';
import { KnownVoices } from './known-voices.ts';
import { queriesFor } from './query.ts';
import { Questions, within } from './questions.ts';
import { entryOf, ranked } from './ranking.ts';
import { voiceName } from './voice-name.ts';
import { foldForSearch, searchWords } from './words.ts';

// Finds voices of Fish Audio for people who choose one: by name, by what they have typed, by likes, page by page.
// Change here how often Fish Audio is asked. `ranking.ts` puts voices into order; `known-voices.ts` keeps them.

/** How many pages of all voices are read when the bot starts, besides one page of the voices of each language. */
const FIRST_PAGES = 3;
const FIRST_LANGUAGES = ['en', 'ja', 'es', 'de', 'fr', 'pt', 'ko', 'zh', 'ru', 'ar', 'it', 'pl'];
const PAGE_SIZE = 100;
/**
 * How often these pages are read again. After a failure the first pause is `AGAIN_MS`, and each further one doubles.
 */
const FRESH_MS = 60 * 60_000;
const AGAIN_MS = 60_000;
/** How long somebody who turns a page of voices waits for Fish Audio; then the page is made from memory. */
const PAGE_MS = 2_500;
const FOUND_AT_ONCE = 50;
/** A voice is clearly meant if its likeness is at least `CLEAR` and that of the next voice is less by `NEXT_BEST`. */
const CLEAR = 0.9;
const NEXT_BEST = 0.1;

export type { Voice } from '../fish/voices.ts';

const NOTHING_KNOWN = { languages: [], tags: [], likes: 0, isPublic: false, lines: [], cover: null };

export interface FoundPage extends VoicePage {
  /** Whether it was made from memory alone, since Fish Audio was not asked or did not answer. */
  readonly fromMemory: boolean;
}

export interface LibraryOptions {
  readonly voices: Voices;
  readonly log: Logger;
  /** The most voices that are kept in memory. */
  readonly max?: number;
}

/**
 * It answers at once from memory, where it can, and asks Fish Audio in the background, so that memory has more the next
 * time.
 */
export class VoiceLibrary implements Disposable {
  readonly voiceHealth = new VoiceHealth();
  readonly #voices: Voices;
  readonly #log: Logger;
  readonly #known: KnownVoices;
  readonly #life = new AbortController();
  readonly #questions = new Questions();
  /** Whether the server at Fish Audio's address has listed voices: another server than Fish Audio may have no list. */
  #hasListed = false;

  constructor({ voices, log, max }: LibraryOptions) {
    this.#voices = voices;
    this.#log = log;
    this.#known = new KnownVoices(max);
    void this.#keepFresh().catch((error: unknown) => {
      if (!this.#life.signal.aborted)
        log.error({ err: error }, 'a fault: the library of voices is no longer updated');
    });
  }

  get size(): number {
    return this.#known.size;
  }

  /** The voice if it is in memory; undefined if it is not. */
  get(id: string): Voice | undefined {
    return this.#known.get(id);
  }

  /** Whether the voice is known to exist, because Fish Audio has told of it or something was said in it. */
  isProven(id: string): boolean {
    return this.#known.get(id) !== undefined || this.voiceHealth.hasSpoken(id);
  }

  /**
   * The name of a voice for people. If it is not in memory, that is its id, and Fish Audio is asked for the next time.
   */
  nameOf(id: string): string {
    const voice = this.#known.get(id);
    if (!voice) this.askFor(id);
    return voice ? voiceName(voice) : id;
  }

  /** Asks Fish Audio in the background for the voice of an id, so that it is in memory the next time. */
  askFor(id: string): void {
    this.#inBackground(`id ${id}`, () => this.#find(id));
  }

  /** The public voices that fit what somebody has typed, the best first. For an empty text, the most liked voices. */
  search(typed: string, max: number): readonly Voice[] {
    const voices = ranked(this.#known.findable(), typed).map(({ voice }) => voice);
    return voices.filter(({ id }) => !this.voiceHealth.isUnusable(id)).slice(0, max);
  }

  /** The most liked voices; those that speak the language of a locale come first. */
  liked(locale: string, max: number): readonly Voice[] {
    const [language = ''] = locale.split('-', 1);
    const voices = this.search('', this.size);
    const native = voices.filter(({ languages }) => languages.includes(language));
    return [...new Set([...native, ...voices])].slice(0, max);
  }

  /** Takes a private voice into memory with its name, such as somebody's clone. */
  know(id: string, title: string): void {
    if (!this.#known.get(id)) this.#known.add({ ...NOTHING_KNOWN, id, title });
  }

  /**
   * Those of these voices that fit what somebody has typed, as ids. A voice that is not in memory is known by its id.
   */
  among(ids: Iterable<string>, typed: string): readonly string[] {
    const all = [...new Set(ids)].filter(id => !this.voiceHealth.isUnusable(id));
    if (searchWords(typed).length === 0) return all;
    const entries = all.map(id => entryOf(this.#known.get(id) ?? { ...NOTHING_KNOWN, id, title: id }));
    return ranked(entries, typed).map(({ voice }) => voice.id);
  }

  /** The public voice that is clearly meant by what somebody has typed; null when there is none. */
  named(typed: string): Voice | null {
    const [best, next] = ranked(this.#known.findable(), typed).filter(
      ({ voice }) => !this.voiceHealth.isUnusable(voice.id),
    );
    if (!best || searchWords(typed).length === 0) return null;
    if (foldForSearch(best.voice.title) === foldForSearch(typed)) return best.voice;
    const alone = best.likeness - (next?.likeness ?? 0) >= NEXT_BEST;
    return best.likeness >= CLEAR && alone ? best.voice : null;
  }

  /** Asks Fish Audio in the background for voices that fit a text, so that they are there when it is typed again. */
  look(typed: string): void {
    const text = foldForSearch(typed);
    if (text.length > 1) this.#inBackground(`text ${text}`, () => this.#ask(typed, 1, FOUND_AT_ONCE));
  }

  /** Asks Fish Audio for voices that fit a text, and waits for them, for up to `ms`. Never rejects. */
  async learn(typed: string, ms: number): Promise<void> {
    await within(ms, this.#ask(typed, 1, FOUND_AT_ONCE));
  }

  /**
   * A page (counted from 1) of the voices that Fish Audio finds for a text. If it does not answer in time or finds
   * nothing, it is a page of the voices in memory. Never rejects.
   */
  async page(typed: string, page: number, pageSize: number): Promise<FoundPage> {
    const found = await within(PAGE_MS, this.#ask(typed, page, pageSize));
    if (found && found.total > 0) return { ...found, fromMemory: false };
    const voices = ranked(this.#known.findable(), typed).map(({ voice }) => voice);
    const shown = voices.slice((page - 1) * pageSize, page * pageSize);
    return { total: voices.length, voices: shown, fromMemory: found === undefined };
  }

  /**
   * The voice of an id, from memory or from Fish Audio. Null when there is no such voice; undefined when that is not
   * known within `ms`. Another server than Fish Audio may speak in voices and still find none by id, so its "no" counts
   * only if it has listed voices before. Never rejects.
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
    // The error is not logged, since Fish Audio's answer may repeat what was typed.
    this.#questions.once(key, ask, () => this.#log.debug('Fish Audio could not be asked for voices'));
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
    // Fish Audio may list a voice twice, which would make two buttons with one id.
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
        this.#log.warn({ err: error, failures }, "Fish Audio's library of voices cannot be read");
      }
      const ms = failures === 0 ? FRESH_MS : Math.min(FRESH_MS, AGAIN_MS * 2 ** (failures - 1));
      await sleep(ms, undefined, { signal, ref: false });
    }
  }
}
