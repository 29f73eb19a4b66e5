import { isMap } from './message-map.ts';
import { parseReferences, type ReferenceAudio } from './reference-audio.ts';
import { RequestError } from './request-error.ts';

/** The body of `start`, after validation; the rest of its fields changes nothing here. */
export interface TtsRequest {
  text: string;
  format: 'wav' | 'pcm' | 'mp3' | 'opus';
  /** Hz; of wav and pcm. */
  sampleRate: number;
  /** kb/s; of mp3. */
  mp3Bitrate: number;
  /** Fish takes any legal bitrate but -1000 for the highest there is. */
  saturated: boolean;
  latency: 'low' | 'normal' | 'balanced';
  chunkLength: number;
  minChunkLength: number;
  /** A `reference_id`, the first of several; '' for Fish's own. */
  voice: string;
  /** All of them. */
  voices: readonly string[];
  /** Recordings of the voice to be used. */
  references: readonly ReferenceAudio[];
  speed: number;
  /** dB. */
  volume: number;
}

const FORMATS = ['wav', 'pcm', 'mp3', 'opus'] as const;
const LATENCIES = ['low', 'normal', 'balanced'] as const;
const OPUS_AUTO = -1000;
const OPUS_BITRATES = [OPUS_AUTO, 24_000, 32_000, 48_000, 64_000];
const MP3_BITRATES = [64, 128, 192];
const PCM_RATES = [8000, 16_000, 24_000, 32_000, 44_100];
const SAMPLE_RATES = { wav: PCM_RATES, pcm: PCM_RATES, mp3: [32_000, 44_100], opus: [48_000] };

/**
 * Checks `start.request` as the service does: strict about formats, rates and ranges, lenient about sampling
 * (temperature 2 passes) and unknown fields. nil is refused for fields that are not nullable. Throws
 * RequestError with the service's words.
 */
export function parseRequest(value: unknown, model: string): TtsRequest {
  if (!isMap(value)) throw new RequestError('missing field request');
  const fields = new Fields(value);
  if (value['text'] === undefined) throw new RequestError('missing field text');
  const text = fields.typed('text', 'string', '');
  const format = fields.variant('format', FORMATS, 'mp3');
  const latency = fields.variant('latency', LATENCIES, 'normal');
  const rates = SAMPLE_RATES[format];
  const rate = value['sample_rate'] ?? rates.at(-1)!;
  if (typeof rate !== 'number' || !rates.includes(rate)) {
    throw new RequestError(
      `Invalid sample rate ${JSON.stringify(rate)} for format ${format}. Supported sample rates: ${rates.join(', ')}`,
    );
  }
  const opusBitrate = fields.oneOf('opus_bitrate', 'opus bitrate', OPUS_BITRATES, OPUS_AUTO);
  const mp3Bitrate = fields.oneOf('mp3_bitrate', 'mp3 bitrate', MP3_BITRATES, 128);
  for (const name of [
    'temperature',
    'top_p',
    'repetition_penalty',
    'max_new_tokens',
    'early_stop_threshold',
  ]) {
    fields.typed(name, 'number', 0);
  }
  for (const name of ['normalize', 'condition_on_previous_chunks']) fields.typed(name, 'boolean', true);
  const prosody = new Fields(value['prosody'] == null ? {} : asMap(value['prosody'], 'prosody'));
  const voices = parseVoices(value['reference_id'], model);
  return {
    text,
    format,
    sampleRate: rate,
    mp3Bitrate,
    saturated: opusBitrate !== OPUS_AUTO,
    latency,
    chunkLength: fields.within('chunk_length', 100, 300, 300),
    minChunkLength: fields.within('min_chunk_length', 0, 100, 50),
    voice: voices[0] ?? '',
    voices,
    references: parseReferences(value['references'], model !== 's1'),
    speed: prosody.within('speed', 0.5, 2, 1, '[0.5, 2.0]'),
    volume: prosody.within('volume', -20, 20, 0),
  };
}

/** The ids of voices; several speakers are for the S2 family only. */
function parseVoices(value: unknown, model: string): string[] {
  if (value == null) return [];
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && model !== 's1' && value.every(id => typeof id === 'string')) return value;
  throw new RequestError('data did not match any variant of untagged enum MultiSpeakerReference');
}

/** Looks up fields of a map; undefined (absent) takes the default, nil does not. */
class Fields {
  readonly #map: Record<string, unknown>;

  constructor(map: Record<string, unknown>) {
    this.#map = map;
  }

  typed<T extends string | number | boolean>(
    name: string,
    type: 'string' | 'number' | 'boolean',
    absent: T,
  ): T {
    const value = this.#map[name];
    if (value === undefined) return absent;
    // The cast is what the comparison has just established.
    if (typeof value === type) return value as T;
    throw new RequestError(`invalid type for ${name}: expected ${type}`);
  }

  variant<T extends string>(name: string, variants: readonly T[], absent: T): T {
    const value = this.#map[name];
    const known = value === undefined ? absent : variants.find(variant => variant === value);
    if (known !== undefined) return known;
    throw new RequestError(`unknown variant ${String(value)}, expected one of ${variants.join(', ')}`);
  }

  oneOf(name: string, label: string, values: readonly number[], absent: number): number {
    const value = this.typed<number>(name, 'number', absent);
    if (values.includes(value)) return value;
    throw new RequestError(`Invalid ${label} ${value}. Supported bitrates: ${values.join(', ')}`);
  }

  within(name: string, min: number, max: number, absent: number, range = `[${min}, ${max}]`): number {
    const value = this.typed<number>(name, 'number', absent);
    if (value >= min && value <= max) return value;
    throw new RequestError(`${name} must be in ${range}`);
  }
}

function asMap(value: unknown, name: string): Record<string, unknown> {
  if (isMap(value)) return value;
  throw new RequestError(`invalid type for ${name}: expected map`);
}
