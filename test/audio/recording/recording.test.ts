import { describe, expect, test } from 'vitest';
import {
  asReference,
  inspectRecording,
  MAX_RECORDING_BYTES,
  RECORDING_SECONDS,
  type RecordingFault,
} from '../../../src/audio/recording/recording.ts';
import { countTurns } from '../../support/event-loop.ts';
import { decode, samples } from '../opus.ts';
import { concat, opusHead, page } from '../pages.ts';
import * as make from './recordings.ts';

/** Why the bytes are refused; their kind and seconds when they are not. */
async function verdict(bytes: Uint8Array): Promise<unknown> {
  return await inspectRecording(bytes).then(
    ({ kind, seconds }) => ({ kind, seconds }),
    (error: unknown) => error,
  );
}

const refused = (reason: RecordingFault, format?: string) =>
  expect.objectContaining({ name: 'RecordingError', reason, format });

const text = (value: string) => Buffer.from(value, 'latin1');

describe('what is taken', () => {
  test.each<[string, Buffer, object]>([
    ['WAV', make.wav(12.5), { kind: 'wav', seconds: 12.5 }],
    ['stereo', make.wav(12, { channels: 2, rate: 44_100 }), { kind: 'wav', seconds: 12 }],
    ['24 bits', make.wav(12, { bits: 24 }), { kind: 'wav', seconds: 12 }],
    ['float', make.wav(12, { tag: 3, bits: 32 }), { kind: 'wav', seconds: 12 }],
    ['extensible', make.wav(12, { extensible: true, bits: 32, tag: 3 }), { kind: 'wav', seconds: 12 }],
    ['MP3', make.mp3(200), { kind: 'mp3', seconds: expect.closeTo(14.4, 6) }],
    ['FLAC', make.FLAC, { kind: 'flac', seconds: 11 }],
    ['Ogg Opus', make.ogg(), { kind: 'ogg-opus', seconds: 12 - 0.0065 }],
  ])('%s', async (_, bytes, expected) => {
    expect(await verdict(bytes)).toEqual(expected);
    expect(await verdict(Buffer.concat([make.id3(700), bytes]))).toEqual(expected);
  });

  test('other chunks of a WAV file before and behind its sound, also of odd sizes', async () => {
    const data = make.chunk('data', Buffer.alloc(12 * 16_000));
    const odd = make.chunk('LIST', Buffer.alloc(33));
    expect(await verdict(make.riff(odd, make.fmt(), odd, data, odd))).toEqual({ kind: 'wav', seconds: 12 });
  });

  test('an MP3 with tags at its end', async () => {
    const id3v1 = Buffer.concat([text('TAG'), Buffer.alloc(125)]);
    const ape = Buffer.concat([text('APETAGEX'), Buffer.alloc(24 + 50)]);
    ape.writeUInt32LE(50, 12);
    for (const tags of [[id3v1], [ape], [ape, id3v1]]) {
      expect(await verdict(Buffer.concat([make.mp3(200), ...tags]))).toMatchObject({ kind: 'mp3' });
    }
    for (const tags of [[id3v1, make.mp3(1)], [ape, make.mp3(1)], [id3v1.subarray(1)], [text('APETAGEX')]]) {
      expect(await verdict(Buffer.concat([make.mp3(200), ...tags]))).toEqual(refused('damaged'));
    }
  });

  test('an Ogg Opus file lasts as long as its packets, whatever its pages say but for a trimmed end', async () => {
    const seconds = async (options: make.OggRecordingOptions) =>
      await verdict(make.ogg({ packets: make.tiny(600), ...options }));
    expect(await seconds({ trim: 480 })).toEqual({ kind: 'ogg-opus', seconds: 12 - 0.0165 });
    for (const trim of [-1e12, -960, 96_000, 1e12]) {
      expect(await seconds({ trim })).toEqual({ kind: 'ogg-opus', seconds: 12 - 0.0065 });
    }
    expect(await seconds({ preSkip: 48_000 })).toEqual({ kind: 'ogg-opus', seconds: 11 });
    expect(await seconds({ preSkip: 0xffff })).toMatchObject({ kind: 'ogg-opus' });
  });

  test('an Ogg file may end with an empty page', async () => {
    const pages = make.oggPages({ packets: make.tiny(600) }).slice(0, -1);
    const end = page([], { sequence: pages.length, granule: 550 * 960, last: true });
    expect(await verdict(concat([...pages, end]))).toEqual({ kind: 'ogg-opus', seconds: 11 - 0.0065 });
  });

  test('10 to 90 s', async () => {
    expect(RECORDING_SECONDS).toEqual({ min: 10, max: 90 });
    for (const seconds of [10, 90])
      expect(await verdict(make.wav(seconds))).toEqual({ kind: 'wav', seconds });
    expect(await verdict(make.wav(9.99))).toEqual(refused('too-short'));
    expect(await verdict(make.wav(90.01))).toEqual(refused('too-long'));
    expect(await verdict(make.wav(0))).toEqual(refused('too-short'));
    expect(await verdict(make.mp3(138))).toEqual(refused('too-short'));
    expect(await verdict(make.mp3(1251))).toEqual(refused('too-long'));
    expect(await verdict(make.ogg({ packets: make.tiny(500) }))).toEqual(refused('too-short'));
    expect(await verdict(make.ogg({ packets: make.tiny(4501) }))).toEqual(refused('too-long'));
    expect(await verdict(make.ogg({ packets: [] }))).toEqual(refused('too-short'));
    expect(await verdict(make.ogg({ packets: make.tiny(1), preSkip: 2000 }))).toEqual(refused('too-short'));
  });

  test('20 MiB and no more', async () => {
    const rest = Buffer.alloc(MAX_RECORDING_BYTES);
    make.wav(12).copy(rest);
    expect(await verdict(rest)).toEqual({ kind: 'wav', seconds: 12 });
    expect(await verdict(Buffer.concat([rest, Buffer.alloc(1)]))).toEqual(refused('too-large'));
  });
});

describe('what is refused', () => {
  test.each<[string, Uint8Array, RecordingFault, string?]>([
    ['nothing', Buffer.alloc(0), 'not-audio'],
    ['a byte', Buffer.alloc(1, 0xff), 'not-audio'],
    ['zeros', Buffer.alloc(9000), 'not-audio'],
    ['ones', Buffer.alloc(9000, 0xff), 'not-audio'],
    ['text', text('RIFFles are not WAVES, fLaC is not flac'), 'not-audio'],
    ['UTF-16', Buffer.from('\ufeffHello there', 'utf16le'), 'not-audio'],
    ['HTML', text('<!doctype html><title>404</title>'), 'not-audio'],
    ['a ZIP file', text(`PK\x03\x04${'\0'.repeat(500)}`), 'not-audio'],
    ['gzip', text(`\x1f\x8b\x08${'\0'.repeat(500)}`), 'not-audio'],
    ['PDF', text('%PDF-1.7'), 'not-audio'],
    ['JPEG', text('\xff\xd8\xff\xe0\0\x10JFIF'), 'not-audio'],
    ['PNG', text('\x89PNG\r\n\x1a\n'), 'not-audio'],
    ['WebP', text('RIFF\x10\0\0\0WEBPVP8 '), 'not-audio'],
    ['a chance MP3 header', Buffer.concat([make.mp3(1), Buffer.alloc(900, 7)]), 'not-audio'],
    ['MP4', make.mp4('isom', 'soun', 'vide'), 'video'],
    ['MP4 named M4A', make.mp4('M4A ', 'soun', 'vide'), 'video'],
    ['MP4 cut before it says what it is', make.mp4('isom', 'vide').subarray(0, 3000), 'video'],
    ['MOV', make.mp4('qt  ', 'vide'), 'video'],
    ['WebM with pictures', text('\x1aE\xdf\xa3 webm V_VP9 A_OPUS'), 'video'],
    ['AVI', text('RIFF\0\0\0\0AVI LIST'), 'video'],
    ['Theora', page([text('\x80theora')], { first: true }), 'video'],
    ['FLV', text('FLV\x01\x05'), 'video'],
    ['MPEG', text('\0\0\x01\xba'), 'video'],
    ['M4A', make.mp4('M4A ', 'soun'), 'unsupported', 'AAC (M4A)'],
    ['M4A by another name', make.mp4('mp42', 'soun'), 'unsupported', 'AAC (M4A)'],
    ['AAC', text(`\xff\xf1${'\0'.repeat(50)}`), 'unsupported', 'AAC'],
    ['WebM of sound', text('\x1aE\xdf\xa3 webm A_OPUS'), 'unsupported', 'WebM or Matroska'],
    ['Vorbis', page([text('\x01vorbis')], { first: true }), 'unsupported', 'Ogg Vorbis'],
    ['AIFF', text('FORM\0\0\0\0AIFFCOMM'), 'unsupported', 'AIFF'],
    ['AMR', text('#!AMR\n'), 'unsupported', 'AMR'],
    ['ADPCM', make.wav(12, { tag: 2 }), 'unsupported', 'WAV that is not PCM'],
    ['six channels', make.wav(12, { channels: 6 }), 'unsupported', 'WAV of more than two channels'],
    ['surround', page([opusHead(6, [1, 4, 2])], { first: true }), 'unsupported', 'Ogg of this kind'],
  ])('%s', async (_, bytes, reason, format) => {
    expect(await verdict(bytes)).toEqual(refused(reason, format));
  });

  const data = make.chunk('data', Buffer.alloc(12 * 16_000));
  const lying = (size: number) => make.chunk('data', Buffer.alloc(12 * 16_000), size);
  test.each<[string, Buffer]>([
    ['more sound claimed than there is', make.riff(make.fmt(), lying(12 * 16_000 + 2))],
    ['4 GB claimed', make.riff(make.fmt(), lying(0xffffffff))],
    ['sound before its format', make.riff(data, make.fmt())],
    ['no sound', make.riff(make.fmt())],
    ['no format', make.riff(data)],
    ['a short format', make.riff(make.chunk('fmt ', Buffer.alloc(14, 1)), data)],
    ['no channels', make.wav(12, { channels: 0, frameBytes: 2 })],
    ['no rate', make.riff(make.fmt({ rate: 0 }), data)],
    ['an absurd rate', make.riff(make.fmt({ rate: 0xffffffff / 2 }), data)],
    ['frames of another size', make.riff(make.fmt({ frameBytes: 1 }), data)],
    ['13 bits', make.riff(make.fmt({ bits: 13, frameBytes: 2 }), data)],
    ['a chunk that ends behind the file', make.riff(make.fmt(), make.chunk('LIST', data, 0xfffffff0), data)],
    ['a broken GUID', make.riff(make.fmt({ extensible: true }).fill(9, 40), data)],
  ])('a WAV file with %s is damaged', async (_, bytes) => {
    expect(await verdict(bytes)).toEqual(refused('damaged'));
  });

  const flac = (change: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(make.FLAC);
    change(bytes);
    return bytes;
  };
  test.each<[string, Buffer]>([
    ['claims more than it has', flac(bytes => bytes.writeUInt32BE(880_000, 22))],
    ['claims less than it has', flac(bytes => bytes.writeUInt32BE(81_920, 22))],
    ['is cut between two frames', make.FLAC.subarray(0, -14)],
    ['has a wrong byte in its last frame', flac(bytes => bytes.fill(1, bytes.length - 8, bytes.length - 7))],
    ['has no frames', make.FLAC.subarray(0, 42)],
    ['has a block that ends behind the file', flac(bytes => bytes.writeUInt32BE(0x00000022, 4))],
    ['begins with another block', flac(bytes => bytes.writeUInt8(4, 4))],
  ])('a FLAC file that %s is damaged', async (_, bytes) => {
    expect(await verdict(bytes)).toEqual(refused('damaged'));
  });

  test('a FLAC file of unknown length, and of blocks longer than anyone writes', async () => {
    const bytes = flac(copy => copy.writeUInt32BE(0, 22));
    expect(await verdict(bytes)).toEqual(refused('unsupported', 'FLAC of unknown length'));
    const long = flac(copy => copy.writeUInt16BE(65_535, 10));
    expect(await verdict(long)).toEqual(refused('unsupported', 'FLAC of very long blocks'));
  });

  const pages = make.oggPages({ packets: make.tiny(600) });
  const spoilt = Uint8Array.from(pages[5] ?? []).fill(9, 100, 101);
  const last = pages.at(-1) ?? new Uint8Array();
  test.each<[string, Uint8Array[]]>([
    ['a wrong CRC', pages.with(5, spoilt)],
    ['an empty page', [...pages.slice(0, 2), page([], { sequence: 2 })]],
    ['a missing page', pages.toSpliced(5, 1)],
    ['a page twice', pages.toSpliced(5, 0, pages[5] ?? last)],
    ['something between pages', pages.toSpliced(5, 0, Uint8Array.of(0))],
    ['something behind the last', [...pages, text('OggS')]],
    ['a page behind the last', [...pages, page([], { sequence: pages.length })]],
    ['a packet that is not Opus', [...pages.slice(0, -1), page([text('\xf9123')], { sequence: 13 })]],
    [
      'a packet that never ends',
      [...pages.slice(0, -1), page([Buffer.alloc(255)], { sequence: 13 }).slice(0, -1)],
    ],
  ])('an Ogg file with %s is damaged', async (_, parts) => {
    expect(await verdict(concat(parts))).toEqual(refused('damaged'));
  });

  test('an Ogg file of two streams', async () => {
    const bytes = concat([...pages, page([opusHead()], { serial: 2, first: true })]);
    expect(await verdict(bytes)).toEqual(refused('unsupported', 'Ogg of several streams'));
  });
});

describe('asReference', () => {
  test('gives WAV, MP3 and FLAC as they are, without the tags they began with', async () => {
    for (const bytes of [make.wav(12), make.mp3(200), make.FLAC]) {
      const recording = await inspectRecording(Buffer.concat([make.id3(40), bytes]));
      const { audio, kind, seconds } = await asReference(recording);
      expect(Buffer.from(audio).equals(bytes)).toBe(true);
      expect({ kind, seconds }).toEqual({ kind: recording.kind, seconds: recording.seconds });
    }
  });

  test('makes a WAV file of a voice message: mono, 16 bits, 48 kHz, every sample that is to be heard', async () => {
    const packets = make.speech(600);
    const recording = await inspectRecording(make.ogg({ packets, trim: 700 }));
    const { audio, kind, seconds } = await asReference(recording);
    expect(kind).toBe('wav');
    expect(await verdict(audio)).toEqual({ kind: 'wav', seconds });
    expect(seconds * 48_000).toBeCloseTo(600 * 960 - 312 - 700, 3);
    expect(Buffer.from(audio).toString('hex', 0, 44)).toBe(
      '524946463c8c110057415645666d7420100000000100010080bb0000007701000200100064617461188c1100',
    );
    const stereo = decode(packets);
    const pcm = Buffer.from(audio).subarray(44);
    expect(pcm.length / 2).toBe(samples(stereo) - 312 - 700);
    let farthest = 0;
    for (let i = 0; i < pcm.length / 2; i++) {
      farthest = Math.max(farthest, Math.abs(pcm.readInt16LE(i * 2) - stereo.readInt16LE((i + 312) * 4)));
    }
    expect(farthest).toBeLessThanOrEqual(1);
  });

  test('cuts off what is too long, to a whole file, but of FLAC', async () => {
    const recordings = [make.wav(40), make.mp3(500), make.ogg({ packets: make.speech(700) }), make.FLAC];
    for (const bytes of recordings) {
      const recording = await inspectRecording(bytes);
      const { audio, kind, seconds } = await asReference(recording, { maxSeconds: 10.8 });
      const heard = await verdict(audio);
      if (kind === 'flac') expect(heard).toEqual({ kind, seconds: recording.seconds });
      else expect(heard).toEqual({ kind, seconds: expect.closeTo(10.8, 5) });
      expect(seconds).toBe(kind === 'flac' ? recording.seconds : 10.8);
      if (kind !== 'wav') continue;
      const whole = Buffer.from((await asReference(recording)).audio);
      expect(Buffer.from(audio).subarray(44).equals(whole.subarray(44, audio.length))).toBe(true);
    }
  });

  test('lets the event loop turn while it decodes, and ends by its signal', async () => {
    const recording = await inspectRecording(make.ogg({ packets: make.speech(1500) }));
    const turns = countTurns();
    await asReference(recording);
    expect(turns()).toBeGreaterThan(4);
    const ending = new AbortController();
    const reference = asReference(recording, { signal: ending.signal });
    setImmediate(() => ending.abort(new Error('enough')));
    await expect(reference).rejects.toThrow('enough');
  });
});
