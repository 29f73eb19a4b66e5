import { z } from 'zod';
import { FishError } from './errors.ts';
import { type FishHeaders, fishHeadersOf } from './headers.ts';
import { fishRest } from './rest.ts';

// Searches, finds, makes and deletes voices at Fish Audio by its REST API, and turns its answers into our type `Voice`.
// `src/voices/library.ts` keeps what was found; `voice-health.ts` knows which voices fail.

/** A voice of Fish Audio, which calls it a model (its API reference, "List Models": ModelEntity). */
export interface Voice {
  /** The `reference_id`. */
  readonly id: string;
  readonly title: string;
  /** Codes of ISO 639-1, such as `en`. */
  readonly languages: readonly string[];
  readonly tags: readonly string[];
  readonly likes: number;
  /** Whether Fish lists the voice for everybody. */
  readonly isPublic: boolean;
  /** What the voice says in its samples and in Fish's default text, in its own language. */
  readonly lines: readonly string[];
  /** The address of the voice's picture, which anybody may fetch; null when it has none. */
  readonly cover: string | null;
}

export interface VoiceQuery {
  /** Words that the title has to hold. */
  readonly title?: string | undefined;
  readonly tag?: string | undefined;
  readonly language?: string | undefined;
  /** The number of the page, from 1. */
  readonly page?: number;
  /** 1 to 100. */
  readonly pageSize?: number;
}

export interface VoicePage {
  readonly total: number;
  readonly voices: readonly Voice[];
}

/** A voice that is to be made; only the account can use it. */
interface NewVoice {
  readonly title: string;
  /** A recording of the voice: WAV, MP3 or FLAC. */
  readonly audio: Uint8Array;
  /** The words that are said in the recording; if they are absent Fish finds them by listening. */
  readonly transcript?: string | undefined;
}

/** The voices of Fish Audio that our account can see. All methods reject with a FishError or the signal's reason. */
export interface Voices {
  search(query: VoiceQuery, signal: AbortSignal): Promise<VoicePage>;
  /** Finds one voice; null where Fish does not know it, or does not show it to this account. */
  find(id: string, signal: AbortSignal): Promise<Voice | null>;
  /** Makes a private voice, and returns its id. It is never tried again, because the voice might then exist twice. */
  create(voice: NewVoice, signal: AbortSignal): Promise<string>;
  /** Deletes a voice. It also resolves when the voice was gone already. */
  delete(id: string, signal: AbortSignal): Promise<void>;
}

/** Making a voice takes longer, because Fish listens to the recording. */
const CREATE_MS = 60_000;

/** Voices of this type turn singing into singing, and cannot say text. */
const SINGING = 'svc';

/** Where Fish keeps the pictures of voices; its API names them by their paths there, such as `coverimage/…`. */
const PICTURES = 'https://public-platform.r2.fish.audio/';
/** The most characters of an address that Discord allows in a thumbnail. */
const MAX_COVER = 1_000;

const text = z
  .string()
  .nullish()
  .transform(value => value ?? '');
const entity = z
  .object({
    _id: z.string().regex(/^[\w-]{1,64}$/),
    type: text,
    title: text,
    visibility: text,
    languages: z.array(z.string()).nullish(),
    tags: z.array(z.string()).nullish(),
    like_count: z.number().nullish(),
    cover_image: z.unknown().optional(),
    default_text: text,
    samples: z.array(z.object({ text })).nullish(),
  })
  .transform(
    ({ _id, type, title, visibility, languages, tags, like_count, cover_image, default_text, samples }) => ({
      speaks: type !== SINGING,
      voice: {
        id: _id,
        title: title.trim(),
        languages: languages ?? [],
        tags: tags ?? [],
        likes: like_count ?? 0,
        isPublic: visibility === 'public',
        lines: [...(samples ?? []).map(sample => sample.text), default_text].filter(line => line !== ''),
        cover: coverOf(cover_image),
      } satisfies Voice,
    }),
  );
const listing = z.object({ total: z.number(), items: z.array(z.unknown()) });

interface VoicesOptions {
  readonly url: string;
  readonly apiKey: string;
  /** Called with what the headers of each answer told. */
  readonly onAnswer?: (answer: FishHeaders) => void;
}

/** Asks Fish Audio's REST API for voices (https://docs.fish.audio/api-reference, "Model"). */
export function fishVoices({ url, apiKey, onAnswer }: VoicesOptions): Voices {
  const ask = fishRest({ url, apiKey, onHeaders: headers => onAnswer?.(fishHeadersOf(headers)) });
  const checked = <T>(schema: z.ZodType<T>, value: unknown): T => {
    const { success, data } = schema.safeParse(value);
    if (success) return data;
    throw new FishError('protocol', 'Fish Audio answered something else than its API says', {
      retryable: false,
    });
  };
  return {
    async search({ title, tag, language, page = 1, pageSize = 20 }, signal) {
      const query = new URLSearchParams({ page_size: String(pageSize), page_number: String(page) });
      if (title) query.set('title', title);
      if (tag) query.set('tag', tag);
      if (language) query.set('language', language);
      const { total, items } = checked(listing, await ask(`/model?${query.toString()}`, signal));
      // A voice that cannot be read is left out, and the others are still shown.
      const known = items.map(item => entity.safeParse(item).data).filter(item => item?.speaks);
      return { total, voices: known.flatMap(item => item?.voice ?? []) };
    },
    async find(id, signal) {
      try {
        return checked(entity, await ask(`/model/${encodeURIComponent(id)}`, signal)).voice;
      } catch (error) {
        if (error instanceof FishError && UNKNOWN.has(error.status ?? 0)) return null;
        throw error;
      }
    },
    async create({ title, audio, transcript }, signal) {
      const body = new FormData();
      for (const [name, value] of Object.entries({
        type: 'tts',
        train_mode: 'fast',
        visibility: 'private',
        title,
      }))
        body.set(name, value);
      body.set('voices', new Blob([new Uint8Array(audio)]), 'recording');
      if (transcript) body.set('texts', transcript);
      return checked(entity, await ask('/model', signal, { method: 'POST', body, ms: CREATE_MS })).voice.id;
    },
    async delete(id, signal) {
      try {
        await ask(`/model/${encodeURIComponent(id)}`, signal, { method: 'DELETE' });
      } catch (error) {
        if (!(error instanceof FishError) || error.status !== 404) throw error;
      }
    },
  };
}

/** The address of a picture as Fish's API names it: a path where Fish keeps them, or a whole address of the web. */
function coverOf(named: unknown): string | null {
  if (typeof named !== 'string' || named.trim() === '') return null;
  const address = URL.parse(named.trim(), PICTURES);
  const isWeb = address?.protocol === 'https:' && address.username === '' && address.password === '';
  return isWeb && address.href.length <= MAX_COVER ? address.href : null;
}

/** The HTTP statuses with which Fish answers for a voice that is gone, or that only somebody else may use. */
const UNKNOWN: ReadonlySet<number> = new Set([400, 403, 404]);
