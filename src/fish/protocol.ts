import { decode, encode } from '@msgpack/msgpack';
import { isCheapToDecode } from './frame-shape.ts';
import type { FishModel, TtsRequest } from './request.ts';

// Fish Audio's live protocol: encodes our messages (`start`, `text`, `flush`, `stop`) into frames, and decodes the
// events that Fish sends. `socket.ts` carries the frames.

// The request belongs to the protocol too, and has a file of its own only because it is long.
export { FISH_MODELS, type FishModel, type TtsRequest, validateRequest } from './request.ts';

/**
 * The path of Fish's live socket. Both sides send MessagePack maps in binary frames.
 * Source: https://docs.fish.audio/api-reference/endpoint/websocket/tts-live and its asyncapi.yml.
 */
const LIVE_PATH = '/v1/tts/live';
/** The path of the live socket that also tells when each word is said. */
const TIMESTAMP_PATH = '/v1/tts/live/with-timestamp';
/**
 * These models speak only on that path. On the plain path Fish uses its default model in their place, and does not say
 * so.
 */
const TIMESTAMP_MODELS: ReadonlySet<FishModel> = new Set(['drama-3']);

/** The path of a socket that speaks with `model`. */
export function livePathOf(model: FishModel): string {
  return TIMESTAMP_MODELS.has(model) ? TIMESTAMP_PATH : LIVE_PATH;
}

/**
 * An event that Fish sends. The bytes of `audio` may be empty: on the path with timestamps such an event corrects
 * earlier timestamps. `timeMs` is how many milliseconds the session has lasted at Fish.
 */
export type FishEvent =
  | { type: 'audio'; audio: Uint8Array; timeMs?: number }
  | { type: 'finish'; reason: string; message?: string; timeMs?: number }
  | { type: 'error'; message: string; maxConcurrency?: number }
  | { type: 'log'; message: string }
  | { type: 'unknown'; event: string };

/** Encodes `start`, which must be the first event of a session. `debug` asks Fish for `log` events. */
export function encodeStart(request: Partial<TtsRequest>, options: { debug?: boolean } = {}): Uint8Array {
  const wire = toWire({ text: '', ...request });
  return encode({ event: 'start', request: wire, ...(options.debug ? { debug: true } : {}) });
}

/** Encodes `text`. Fish puts nothing between the texts of a session, so spaces between words must be in them. */
export function encodeText(text: string): Uint8Array {
  return encode({ event: 'text', text });
}

/** Encodes `flush`, which asks Fish to speak at once what it has gathered. */
export function encodeFlush(): Uint8Array {
  return encode({ event: 'flush' });
}

/** Encodes `stop`, which asks Fish to speak the rest and then to send `finish`. */
export function encodeStop(): Uint8Array {
  return encode({ event: 'stop' });
}

/**
 * Reads one binary frame. As the protocol demands, unknown events and extra keys are no errors.
 *
 * @throws when the frame is not MessagePack, not a map with an event, or an event without what makes it one
 */
export function decodeEvent(data: Uint8Array): FishEvent {
  if (!isCheapToDecode(data)) throw new TypeError('too deep, too long, or cut off');
  const fields = decode(data);
  if (!isMap(fields)) throw new TypeError('not a map');
  const { event, audio, reason, error, message } = fields;
  const timeMs = typeof fields['time'] === 'number' ? { timeMs: fields['time'] } : {};
  switch (event) {
    case 'audio':
      if (!(audio instanceof Uint8Array)) throw new TypeError('audio without bytes');
      return { type: 'audio', audio, ...timeMs };
    case 'finish':
      return {
        type: 'finish',
        // Without a reason, and without a word of what went wrong, it is a plain end.
        reason: words(reason) || (message ? '' : 'stop'),
        ...(message ? { message: words(message) } : {}),
        ...timeMs,
      };
    case 'error': {
      const most = fields['max_concurrency'];
      const limit = typeof most === 'number' && Number.isFinite(most) ? { maxConcurrency: most } : {};
      return { type: 'error', message: words(error ?? message), ...limit };
    }
    case 'log':
      return { type: 'log', message: words(message) };
    default:
      if (typeof event !== 'string') throw new TypeError('no event');
      return { type: 'unknown', event };
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function words(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : (JSON.stringify(value) ?? '');
}

/**
 * Turns camelCase keys into snake_case at every depth. Bytes and nulls stay as they are; undefined values are left out.
 */
function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const pairs = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(pairs.map(([name, each]) => [snake(name), toWire(each)]));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
