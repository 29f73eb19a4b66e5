import { decode, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FishError } from '../../src/fish/errors.ts';
import { isCheapToDecode } from '../../src/fish/frame-shape.ts';
import {
  decodeEvent,
  encodeFlush,
  encodeStart,
  encodeStop,
  encodeText,
  type TtsRequest,
  validateRequest,
} from '../../src/fish/protocol.ts';

const everything: TtsRequest = {
  text: '',
  format: 'opus',
  sampleRate: 48000,
  mp3Bitrate: 128,
  opusBitrate: -1000,
  latency: 'balanced',
  referenceId: ['54a5170264694bfc8e9ad98df7bd89c3', 'second'],
  references: [[{ audio: new Uint8Array([1, 2, 3]), text: 'one' }]],
  prosody: { speed: 1.25, volume: -3, normalizeLoudness: false },
  chunkLength: 200,
  minChunkLength: 20,
  normalize: false,
  temperature: 0.5,
  topP: 0.25,
  repetitionPenalty: 1.5,
  maxNewTokens: 512,
  conditionOnPreviousChunks: false,
  earlyStopThreshold: 0.75,
  features: ['quality-guard'],
  pronunciationDictionary: [
    { items: [{ key: 'gif', value: 'jif', caseSensitive: true }] },
    { id: 'd', version: 2 },
  ],
};

/** A value as it comes from a file or a person: the compiler has not seen what it is. */
const unchecked = (value: unknown) =>
  JSON.parse(JSON.stringify(value), (_key, each) => (each === 'BYTES' ? new Uint8Array(3) : each));

test('start carries every field by its name on the wire', () => {
  expect(decode(encodeStart(everything, { debug: true }))).toEqual({
    event: 'start',
    debug: true,
    request: {
      text: '',
      format: 'opus',
      sample_rate: 48000,
      mp3_bitrate: 128,
      opus_bitrate: -1000,
      latency: 'balanced',
      reference_id: ['54a5170264694bfc8e9ad98df7bd89c3', 'second'],
      references: [[{ audio: new Uint8Array([1, 2, 3]), text: 'one' }]],
      prosody: { speed: 1.25, volume: -3, normalize_loudness: false },
      chunk_length: 200,
      min_chunk_length: 20,
      normalize: false,
      temperature: 0.5,
      top_p: 0.25,
      repetition_penalty: 1.5,
      max_new_tokens: 512,
      condition_on_previous_chunks: false,
      early_stop_threshold: 0.75,
      features: ['quality-guard'],
      pronunciation_dictionary: [
        { items: [{ key: 'gif', value: 'jif', case_sensitive: true }] },
        { id: 'd', version: 2 },
      ],
    },
  });
  expect(() => validateRequest(everything, 's2.1-pro')).not.toThrow();
});

test('what is absent is left out, what is null is sent', () => {
  expect(decode(encodeStart({ referenceId: null, prosody: { speed: 1 } }))).toEqual({
    event: 'start',
    request: { text: '', reference_id: null, prosody: { speed: 1 } },
  });
});

test('text, flush and stop', () => {
  expect(decode(encodeText('Grüße 🐟'))).toEqual({ event: 'text', text: 'Grüße 🐟' });
  expect(decode(encodeFlush())).toEqual({ event: 'flush' });
  expect(decode(encodeStop())).toEqual({ event: 'stop' });
});

test.each<[string, unknown, object]>([
  ['audio', { event: 'audio', audio: new Uint8Array([7]), time: 12.5 }, { type: 'audio', timeMs: 12.5 }],
  ['audio without bytes', { event: 'audio', audio: new Uint8Array() }, { type: 'audio' }],
  [
    'finish',
    { event: 'finish', reason: 'stop', time: 5460 },
    { type: 'finish', reason: 'stop', timeMs: 5460 },
  ],
  [
    'finish, with a word',
    { event: 'finish', reason: 'error', message: 'no' },
    { reason: 'error', message: 'no' },
  ],
  [
    'finish, by a reason unheard of',
    { event: 'finish', reason: 'length' },
    { type: 'finish', reason: 'length' },
  ],
  ['finish without reason', { event: 'finish' }, { type: 'finish', reason: 'stop' }],
  [
    'finish without reason, but with a word',
    { event: 'finish', reason: null, message: 'no' },
    { type: 'finish', reason: '', message: 'no' },
  ],
  [
    'error',
    { event: 'error', error: 'Concurrency limit exceeded', max_concurrency: 8, more: [1] },
    { type: 'error', message: 'Concurrency limit exceeded', maxConcurrency: 8 },
  ],
  ['log', { event: 'log', message: 'm' }, { type: 'log', message: 'm' }],
  ['an unknown event', { event: 'alignment', x: 1 }, { type: 'unknown', event: 'alignment' }],
])('reads %s', (_name, wire, event) => {
  expect(decodeEvent(encode(wire))).toMatchObject(event);
});

test.each<[string, Uint8Array]>([
  ['a list', encode([{ event: 'finish' }])],
  ['a number', encode(7)],
  ['a map without event', encode({ audio: new Uint8Array(2) })],
  ['audio that is text', encode({ event: 'audio', audio: 'OggS' })],
  ['a frame cut off', encode({ event: 'finish', reason: 'stop' }).subarray(0, 12)],
  ['two values', new Uint8Array([...encode({ event: 'flush' }), 0xc0])],
  ['JSON', new TextEncoder().encode('{"event":"finish"}')],
  ['nothing', new Uint8Array()],
  ['lists in lists', new Uint8Array(100_000).fill(0x91)],
  ['a map with __proto__', new Uint8Array([0x81, 0xa9, ...Buffer.from('__proto__'), 0x80])],
])('cannot read %s', (_name, frame) => {
  expect(() => decodeEvent(frame)).toThrow();
});

test('any value that msgpack can hold in reason is modest; any bytes are judged without a throw', () => {
  fc.assert(
    fc.property(
      fc.anything({ maxDepth: 4, withTypedArray: false }),
      fc.uint8Array({ size: 'large' }),
      (value, audio) => {
        const json = JSON.parse(JSON.stringify({ value: value ?? null }));
        expect(
          isCheapToDecode(encode({ ...json, audio, long: 'x'.repeat(70_000), low: -40_000, f: 0.1 })),
        ).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400, size: 'max' }), bytes => {
      expect(typeof isCheapToDecode(bytes)).toBe('boolean');
      try {
        decodeEvent(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('four hostile megabytes are refused in no time', () => {
  const hostile = new Uint8Array(4 * 1024 * 1024).fill(0x91);
  const wide = new Uint8Array(4 * 1024 * 1024).fill(0xc0);
  wide.set([0xdd, 0x00, 0x3f, 0xff, 0xfb]);
  expect([isCheapToDecode(hostile), isCheapToDecode(wide)]).toEqual([false, false]);
});

test.each<[object, string]>([
  [{ format: 'ogg' }, 'format must be one of wav, pcm, mp3, opus'],
  [{ format: 'opus', sampleRate: 44100 }, 'sample rate of opus must be one of 48000'],
  [{ format: 'opus', opusBitrate: 32 }, 'opusBitrate must be one of -1000, 24000'],
  [{ mp3Bitrate: 100 }, 'mp3Bitrate'],
  [{ latency: 'fast' }, 'latency must be one of low, normal, balanced'],
  [{ prosody: { speed: 0.4 } }, 'prosody has a field speed must be from 0.5 to 2'],
  [{ prosody: { volume: 21 } }, 'volume must be from -20 to 20'],
  [{ prosody: { pitch: 1 } }, 'is not known'],
  [{ chunkLength: 99 }, 'chunkLength must be from 100 to 300'],
  [{ chunkLength: 150.5 }, 'chunkLength must be a whole number'],
  [{ minChunkLength: 101 }, 'minChunkLength'],
  [{ temperature: -0.1 }, 'temperature'],
  [{ topP: 1.01 }, 'topP'],
  [{ normalize: 'yes' }, 'normalize must be true or false'],
  [{ referenceId: '' }, 'referenceId'],
  [{ referenceId: 'a b' }, 'referenceId'],
  [{ references: [{ audio: 'base64', text: '' }] }, 'audio must be bytes'],
  [{ references: [{ audio: 'BYTES' }] }, 'must have text'],
  [{ features: 'quality-guard' }, 'features must be a list'],
  [{ pronunciationDictionary: [{}, {}, {}, {}] }, 'at most 3'],
  [{ earlyStopThreshold: 2 }, 'earlyStopThreshold'],
  [{ voice: 'x' }, 'is not known'],
])('refuses %j', (request, why) => {
  const refused = () => validateRequest(unchecked(request), 's2.1-pro');
  expect(refused).toThrow(FishError);
  expect(refused).toThrow(why);
});

test('one voice at a time with s1, and only models that exist', () => {
  expect(() => validateRequest({ referenceId: ['a', 'b'] }, 's1')).toThrow('one voice at a time');
  expect(() => validateRequest({ referenceId: 'a' }, 's1')).not.toThrow();
  expect(() => validateRequest({}, unchecked('s3'))).toThrow('the model must be one of s1, s2-pro');
});

test('whatever is given, validation answers with a FishError or lets it pass', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(everything)), fc.anything(), (field, value) => {
      try {
        validateRequest({ [field]: value }, 's2.1-pro');
      } catch (error) {
        expect(error).toBeInstanceOf(FishError);
        expect(error).toMatchObject({ kind: 'request', retryable: false });
      }
    }),
    { numRuns: 500 },
  );
});
