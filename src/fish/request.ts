import { FishError } from './errors.ts';

/** The models Fish Audio takes. Any other name is silently billed as the paid default, so it is refused here. */
export const FISH_MODELS = ['s1', 's2-pro', 's2.1-pro', 's2.1-pro-free', 'drama-3'] as const;
export type FishModel = (typeof FISH_MODELS)[number];

/** A recording to imitate: 10–30 s of WAV, MP3 or FLAC, and the words said in it. */
interface VoiceReference {
  audio: Uint8Array;
  text: string;
}

interface Prosody {
  /** 0.5–2. */
  speed?: number;
  /** Decibels, -20–20. */
  volume?: number;
  /** No effect on `s1`. */
  normalizeLoudness?: boolean;
}

/** At most three; a dictionary kept at Fish (`id`, `version`), or its entries in line. */
type PronunciationDictionary =
  | { id: string; version: number | string }
  | { items: readonly { key: string; value: string; caseSensitive?: boolean }[] };

/** The `request` of a `start` event (asyncapi.yml, `WebSocketTTSRequest`). What is absent is Fish's default. */
export interface TtsRequest {
  /** Words to begin with; normally empty, the words follow as `text` events. */
  text: string;
  format: 'wav' | 'pcm' | 'mp3' | 'opus';
  /** Hz. wav and pcm 8000–44100, mp3 32000 or 44100, opus 48000 only. */
  sampleRate: number | null;
  /** kbit/s: 64, 128, 192. */
  mp3Bitrate: number;
  /** bit/s: 24000, 32000, 48000, 64000, or -1000 for automatic, the only value that behaves. */
  opusBitrate: number;
  latency: 'low' | 'normal' | 'balanced';
  /** A voice's id; several (multi-speaker) with the S2 family only. */
  referenceId: string | readonly string[] | null;
  /** One speaker's recordings, or one list for each speaker. */
  references: readonly VoiceReference[] | readonly (readonly VoiceReference[])[] | null;
  prosody: Prosody | null;
  /** Characters Fish gathers before it speaks, 100–300. */
  chunkLength: number;
  /** 0–100. */
  minChunkLength: number;
  /** Expand numbers, dates and the like (English, Chinese). */
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

/** Says what a value must be, or nothing when it is. */
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
 * Refuses what Fish would refuse, bill as something else, or answer with noise, before anything is sent.
 * Ranges: asyncapi.yml, `WebSocketTTSRequest`.
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
