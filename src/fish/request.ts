import { FishError } from './errors.ts';

// The request for speech as Fish Audio takes it: models, fields, bounds, and the check before anything is sent.
// `src/speech/request.ts` chooses what is asked for a line; `protocol.ts` encodes the messages.

/**
 * The models that Fish Audio knows. For any other name Fish uses and bills its paid default model without an error, so
 * we refuse other names.
 */
export const FISH_MODELS = ['s1', 's2-pro', 's2.1-pro', 's2.1-pro-free', 'drama-3'] as const;
export type FishModel = (typeof FISH_MODELS)[number];

/**
 * A recording of a voice to imitate: 10–30 s of WAV, MP3 or FLAC, and the words that are said in it; the text is empty
 * if they are not known.
 */
export interface VoiceReference {
  readonly audio: Uint8Array;
  readonly text: string;
}

interface Prosody {
  /** 0.5–2. */
  speed?: number;
  /** Decibels, -20–20. */
  volume?: number;
  /** No effect on `s1`. */
  normalizeLoudness?: boolean;
}

/** A dictionary that is kept at Fish (`id` and `version`), or the entries themselves. A request has at most three. */
type PronunciationDictionary =
  | { id: string; version: number | string }
  | { items: readonly { key: string; value: string; caseSensitive?: boolean }[] };

/** The `request` of a `start` event (asyncapi.yml, `WebSocketTTSRequest`). For absent fields Fish uses its defaults. */
export interface TtsRequest {
  /** The first words. It is normally empty, because the words follow as `text` events. */
  text: string;
  format: 'wav' | 'pcm' | 'mp3' | 'opus';
  /** Hz: 8000–44100 for wav and pcm, 32000 or 44100 for mp3, only 48000 for opus. */
  sampleRate: number | null;
  /** kbit/s: 64, 128, 192. */
  mp3Bitrate: number;
  /** bit/s: 24000, 32000, 48000, 64000, or -1000 for automatic (only automatic gives the size that one expects). */
  opusBitrate: number;
  latency: 'low' | 'normal' | 'balanced';
  /** The id of a voice; only the models of the S2 family take several ids, one for each speaker. */
  referenceId: string | readonly string[] | null;
  /** The recordings of one speaker, or a list of recordings for each speaker. */
  references: readonly VoiceReference[] | readonly (readonly VoiceReference[])[] | null;
  prosody: Prosody | null;
  /** How many characters Fish gathers before it speaks, 100–300. */
  chunkLength: number;
  /** 0–100. */
  minChunkLength: number;
  /** Whether Fish writes out numbers, dates and the like before it speaks (English and Chinese only). */
  normalize: boolean;
  /** 0–1. */
  temperature: number;
  /** 0–1. */
  topP: number;
  repetitionPenalty: number;
  /** For each chunk of text. */
  maxNewTokens: number;
  conditionOnPreviousChunks: boolean;
  /** 0–1. */
  earlyStopThreshold: number;
  features: readonly string[];
  pronunciationDictionary: readonly PronunciationDictionary[] | null;
}

/** Returns what the value must be, in words that follow the name of the field; undefined where the value is right. */
type Check = (value: unknown) => string | undefined;

const text: Check = value => (typeof value === 'string' ? undefined : 'must be text');
const truth: Check = value => (typeof value === 'boolean' ? undefined : 'must be true or false');
const oneOf =
  (...allowed: readonly unknown[]): Check =>
  value =>
    allowed.includes(value) ? undefined : `must be one of ${allowed.join(', ')}`;
const within =
  (low: number, high: number): Check =>
  value =>
    typeof value === 'number' && value >= low && value <= high ? undefined : `must be from ${low} to ${high}`;
const whole =
  (low: number, high: number): Check =>
  value =>
    Number.isInteger(value) ? within(low, high)(value) : `must be a whole number from ${low} to ${high}`;
const orNull =
  (check: Check): Check =>
  value =>
    value === null ? undefined : check(value);
const listOf =
  (check: Check, most = Number.POSITIVE_INFINITY): Check =>
  value => {
    if (!Array.isArray(value)) return 'must be a list';
    if (value.length > most) return `must have at most ${most} entries`;
    for (const each of value) {
      const wrong = check(each);
      if (wrong !== undefined) return `has an entry that ${wrong}`;
    }
    return undefined;
  };
const either =
  (a: Check, b: Check): Check =>
  value =>
    a(value) === undefined ? undefined : b(value);
const shape =
  (fields: Record<string, Check>, required: readonly string[] = []): Check =>
  value => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be an object';
    const given = new Map(Object.entries(value).filter(([, each]) => each !== undefined));
    for (const name of required) if (!given.has(name)) return `must have ${name}`;
    for (const [name, each] of given) {
      const check = fields[name];
      const wrong = check ? check(each) : 'is not known';
      if (wrong !== undefined) return `has a field ${check ? name : 'that'} ${wrong}`;
    }
    return undefined;
  };

const id: Check = value =>
  typeof value === 'string' && /^[^\s\p{C}]{1,200}$/u.test(value) ? undefined : 'must be a voice id';
const bytes: Check = value =>
  value instanceof Uint8Array && value.length > 0 ? undefined : 'must be bytes of audio';
const reference = shape({ audio: bytes, text }, ['audio', 'text']);
const recordings = listOf(reference);
const bySpeaker = listOf(recordings);
const isNested = (value: unknown) => Array.isArray(value) && value.some(each => Array.isArray(each));
const entry = shape({ key: text, value: text, caseSensitive: truth }, ['key', 'value']);
const dictionary = either(
  shape({ id: text, version: either(text, within(0, Number.MAX_SAFE_INTEGER)) }, ['id', 'version']),
  shape({ items: listOf(entry) }, ['items']),
);
const prosody = shape({ speed: within(0.5, 2), volume: within(-20, 20), normalizeLoudness: truth });

const FIELDS: Record<keyof TtsRequest, Check> = {
  text,
  format: oneOf('wav', 'pcm', 'mp3', 'opus'),
  sampleRate: orNull(oneOf(8000, 16000, 24000, 32000, 44100, 48000)),
  mp3Bitrate: oneOf(64, 128, 192),
  opusBitrate: oneOf(-1000, 24000, 32000, 48000, 64000),
  latency: oneOf('low', 'normal', 'balanced'),
  referenceId: orNull(value => (Array.isArray(value) ? listOf(id) : id)(value)),
  references: orNull(value => (isNested(value) ? bySpeaker : recordings)(value)),
  prosody: orNull(prosody),
  chunkLength: whole(100, 300),
  minChunkLength: whole(0, 100),
  normalize: truth,
  temperature: within(0, 1),
  topP: within(0, 1),
  repetitionPenalty: within(0, 10),
  maxNewTokens: whole(0, 1_000_000),
  conditionOnPreviousChunks: truth,
  earlyStopThreshold: within(0, 1),
  features: listOf(text),
  pronunciationDictionary: orNull(listOf(dictionary, 3)),
};
const check = shape(FIELDS);

const SAMPLE_RATES: Record<TtsRequest['format'], readonly number[]> = {
  wav: [8000, 16000, 24000, 32000, 44100],
  pcm: [8000, 16000, 24000, 32000, 44100],
  mp3: [32000, 44100],
  opus: [48000],
};

/**
 * Checks a request before anything is sent. It refuses what Fish would refuse, what Fish would bill as something else,
 * and what would come out as noise. The ranges are those of `WebSocketTTSRequest` in asyncapi.yml.
 *
 * @throws FishError `request`, which names the field and what it must be
 */
export function validateRequest(request: Partial<TtsRequest>, model: FishModel): void {
  const refuse = (why: string) => new FishError('request', `Fish Audio cannot be asked that: ${why}`);
  if (!FISH_MODELS.includes(model)) throw refuse(`the model must be one of ${FISH_MODELS.join(', ')}`);
  const wrong = check(request);
  if (wrong !== undefined) throw refuse(`the request ${wrong}`);
  const { format = 'mp3', sampleRate, referenceId, references } = request;
  if (sampleRate != null && !SAMPLE_RATES[format].includes(sampleRate)) {
    throw refuse(`the sample rate of ${format} must be one of ${SAMPLE_RATES[format].join(', ')}`);
  }
  const manySpeakers = Array.isArray(referenceId) || isNested(references);
  if (model === 's1' && manySpeakers) throw refuse('the model s1 speaks with one voice at a time');
}
