import { decode, encode } from '@msgpack/msgpack';
import { isModest } from './frame-shape.ts';
import type { FishModel, TtsRequest } from './request.ts';

// What may be asked is part of the wire; it has a file of its own only for its length.
export { FISH_MODELS, validateRequest } from './request.ts';
export type { FishModel, TtsRequest } from './request.ts';

/**
 * The live socket speaks MessagePack maps in binary frames, both ways.
 * Source: https://docs.fish.audio/api-reference/endpoint/websocket/tts-live and its asyncapi.yml.
 */
const LIVE_PATH = '/v1/tts/live';
/** The same with more in each `audio`. On the plain path Fish silently speaks with its default model in place of these. */
const TIMESTAMP_PATH = '/v1/tts/live/with-timestamp';
const TIMESTAMP_MODELS: ReadonlySet<FishModel> = new Set(['drama-3']);

/** The path of a socket that speaks with `model`. */
export function livePathOf(model: FishModel): string {
  return TIMESTAMP_MODELS.has(model) ? TIMESTAMP_PATH : LIVE_PATH;
}

/** What Fish says. `audio` may be empty: on the path with timestamps such an event corrects these. `timeMs`: the session's elapsed time at the server. */
export type FishEvent =
  | { type: 'audio'; audio: Uint8Array; timeMs?: number }
  | { type: 'finish'; reason: string; message?: string; timeMs?: number }
  | { type: 'error'; message: string; maxConcurrency?: number }
  | { type: 'log'; message: string }
  | { type: 'unknown'; event: string };

/** `start`: must be the first event. `debug` asks for `log` events. */
export function encodeStart(request: Partial<TtsRequest>, options: { debug?: boolean } = {}): Uint8Array {
  const wire = toWire({ text: '', ...request });
  return encode({ event: 'start', request: wire, ...(options.debug ? { debug: true } : {}) });
}

/** `text`: Fish joins the pieces as they are, so spaces between words must be in them. */
export function encodeText(text: string): Uint8Array {
  return encode({ event: 'text', text });
}

/** `flush`: speak what was gathered so far, now. */
export function encodeFlush(): Uint8Array {
  return encode({ event: 'flush' });
}

/** `stop`: speak the rest, then `finish`. */
export function encodeStop(): Uint8Array {
  return encode({ event: 'stop' });
}

/**
 * Reads one binary frame. Unknown events and extra keys are fine, as the protocol asks.
 *
 * @throws when the frame is not MessagePack, not a map with an event, or an event without what makes it one
 */
export function decodeEvent(data: Uint8Array): FishEvent {
  if (!isModest(data)) throw new TypeError('too deep, too long, or cut off');
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
        reason: words(reason),
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

/** camelCase → snake_case, all the way down; bytes and nulls as they are, what is undefined left out. */
function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const pairs = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(pairs.map(([name, each]) => [snake(name), toWire(each)]));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
