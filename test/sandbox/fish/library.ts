import { randomBytes } from 'node:crypto';
import type { AudioKind } from './audio-kind.ts';
import { author, libraryVoices } from './library-voices.ts';
import type { ModelChange, ModelEntity, Visibility } from './model-entity.ts';

/** A recording that a voice was made of, as tests may see it: never its sound. */
export interface VoiceFile {
  readonly name: string;
  /** As the client gave it. */
  readonly type: string;
  readonly kind: AudioKind;
  /** Length of the file. */
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** A voice that was made here. */
export interface MadeVoice {
  readonly id: string;
  readonly voices: readonly VoiceFile[];
  /** What is said in them; empty where Fish was left to find out. */
  readonly texts: readonly string[];
  /** Whether it is gone again. */
  readonly deleted: boolean;
}

export interface NewVoice {
  readonly title: string;
  readonly description: string;
  readonly visibility: Visibility;
  readonly tags: readonly string[];
  readonly voices: readonly VoiceFile[];
  readonly texts: readonly string[];
}

export interface VoiceQuery {
  readonly pageSize: number;
  /** From 1. */
  readonly pageNumber: number;
  readonly title: string;
  readonly tags: readonly string[];
  readonly languages: readonly string[];
  /** The account's own, instead of the public ones. */
  readonly self: boolean;
  readonly authorId: string;
  readonly sortBy: 'score' | 'task_count' | 'created_at';
}

const OWNER = author('Sandbox');

/** All voices there are, and who may use which. How Fish scores is not known; here the likes tell. */
export class Library {
  readonly #voices = new Map<string, ModelEntity>();
  readonly #made: (MadeVoice & { deleted: boolean })[] = [];
  readonly #gone = new Set<string>();
  /** The id of the voice that is made next; any one if it is undefined. */
  nextId: string | undefined;

  /** `origin` is where samples are to be found. */
  constructor(origin: string) {
    for (const voice of libraryVoices(origin)) this.#voices.set(voice._id, voice);
  }

  /** Those that are there now, with the private ones of others. */
  get voices(): readonly ModelEntity[] {
    return [...this.#voices.values()];
  }

  /** Those that `POST /model` made, in order, with those that are gone again. */
  get made(): readonly MadeVoice[] {
    return this.#made;
  }

  get(id: string): ModelEntity | undefined {
    return this.#voices.get(id);
  }

  isOwn(voice: ModelEntity): boolean {
    return voice.author._id === OWNER._id;
  }

  mayUse(voice: ModelEntity): boolean {
    return voice.visibility !== 'private' || this.isOwn(voice);
  }

  /** Whether the live socket knows the voice: if not `strict`, any that was not taken away. */
  speaks(id: string, strict: boolean): boolean {
    const voice = this.#voices.get(id);
    if (!strict) return !this.#gone.has(id);
    return voice?.state === 'trained' && this.mayUse(voice);
  }

  /** One page, and how many there are on all. Several tags narrow, several languages widen. */
  search(query: VoiceQuery): { items: ModelEntity[]; total: number } {
    const wanted = query.title.toLowerCase();
    const found = this.voices.filter(
      voice =>
        (query.self ? this.isOwn(voice) : voice.visibility === 'public') &&
        voice.title.toLowerCase().includes(wanted) &&
        query.tags.every(tag => voice.tags.includes(tag)) &&
        (query.languages.length === 0 || query.languages.some(each => voice.languages.includes(each))) &&
        (query.self || query.authorId === '' || voice.author._id === query.authorId),
    );
    found.sort((a, b) => rank(b, query.sortBy) - rank(a, query.sortBy) || (a._id < b._id ? -1 : 1));
    const from = (query.pageNumber - 1) * query.pageSize;
    return { items: found.slice(from, from + query.pageSize), total: found.length };
  }

  /** Makes a voice of the account, ready at once. */
  add(voice: NewVoice): ModelEntity {
    const { voices, texts } = voice;
    const made = this.#put(this.nextId ?? randomBytes(16).toString('hex'), voice);
    this.nextId = undefined;
    this.#made.push({ id: made._id, voices, texts, deleted: false });
    return made;
  }

  /** There is a voice of that id, of the account's own, however odd the id is. */
  know(id: string): void {
    this.#put(id, { title: id, description: '', visibility: 'unlist', tags: [], voices: [], texts: [] });
  }

  #put(_id: string, { voices: _voices, texts: _texts, ...given }: NewVoice): ModelEntity {
    const now = new Date().toISOString();
    const voice: ModelEntity = {
      ...given,
      _id,
      type: 'tts',
      cover_image: '',
      train_mode: 'fast',
      state: 'trained',
      samples: [],
      created_at: now,
      updated_at: now,
      languages: [],
      lock_visibility: false,
      dmca_taken_down: false,
      default_text: '',
      like_count: 0,
      mark_count: 0,
      shared_count: 0,
      task_count: 0,
      unliked: false,
      liked: false,
      marked: false,
      author: OWNER,
    };
    this.#voices.set(_id, voice);
    return voice;
  }

  change(voice: ModelEntity, change: ModelChange): void {
    this.#voices.set(voice._id, { ...voice, ...change, updated_at: new Date().toISOString() });
  }

  /** Takes a voice away, whoever it belongs to: from now on nobody knows its id. */
  remove(id: string): void {
    this.#voices.delete(id);
    this.#gone.add(id);
    const made = this.#made.find(each => each.id === id);
    if (made) made.deleted = true;
  }
}

function rank(voice: ModelEntity, by: VoiceQuery['sortBy']): number {
  if (by === 'task_count') return voice.task_count;
  return by === 'created_at' ? Date.parse(voice.created_at) : voice.like_count;
}
