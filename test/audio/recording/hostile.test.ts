import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asReference,
  inspectRecording,
  MAX_RECORDING_BYTES,
  type Recording,
  RecordingError,
} from '../../../src/audio/recording/recording.ts';
import { concat, opusHead, packet20, page, rawPage } from '../pages.ts';
import * as make from './recordings.ts';

const BASES: readonly Buffer[] = [
  make.wav(10),
  Buffer.concat([make.id3(20), make.mp3(150)]),
  make.FLAC,
  make.ogg({ packets: make.tiny(520) }),
  make.mp4('isom', 'soun', 'vide'),
];

/** Inspects and converts; anything but a recording, a reference or a `RecordingError` fails the test. */
async function survive(bytes: Uint8Array): Promise<Recording | RecordingError> {
  try {
    const recording = await inspectRecording(bytes);
    expect(recording.seconds).toBeGreaterThanOrEqual(10);
    expect(recording.seconds).toBeLessThanOrEqual(90);
    const { audio } = await asReference(recording);
    expect(audio.length).toBeLessThanOrEqual(Math.max(bytes.length, 44 + 90 * 96_000));
    return recording;
  } catch (error) {
    if (error instanceof RecordingError) return error;
    throw error;
  }
}

const baseArb = fc.constantFrom(...BASES);
const bytesArb = fc.uint8Array({ maxLength: 64 });
/** Numbers that lengths are lied with. */
const sizeArb = fc.oneof(fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff), fc.nat());
const placeArb = fc.oneof(fc.nat(120), fc.nat(20_000));

describe('whatever the bytes', () => {
  test('changed anywhere', async () => {
    const changeArb = fc.record({ at: placeArb, size: sizeArb, big: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        baseArb,
        fc.array(changeArb, { minLength: 1, maxLength: 4 }),
        async (base, changes) => {
          const bytes = Buffer.from(base);
          for (const { at, size, big } of changes) {
            const place = at % (bytes.length - 4);
            if (big) bytes.writeUInt32BE(size, place);
            else bytes.writeUInt32LE(size, place);
          }
          await survive(bytes);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('cut, put together, and with something before or in between', async () => {
    await fc.assert(
      fc.asyncProperty(baseArb, baseArb, bytesArb, fc.nat(), fc.nat(), async (a, b, between, i, j) => {
        const parts = [a.subarray(0, i % (a.length + 1)), between, b.subarray(j % (b.length + 1))];
        await survive(Buffer.concat(parts));
      }),
      { numRuns: 300 },
    );
  });

  test('at random, behind every magic number', async () => {
    const magics = [
      '',
      'RIFF0000WAVE',
      'RIFF0000WAVEfmt ',
      'fLaC',
      'fLaC\x80\0\0\x22',
      'OggS\0\x02',
      'ID3\x04\0\0',
    ];
    const more = ['\xff\xfb', '\xff\xe3\x18', '\0\0\0\x18ftypM4A ', '\x1aE\xdf\xa3', 'FORM0000AIFF'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...magics, ...more),
        fc.uint8Array({ maxLength: 3000 }),
        async (magic, rest) => {
          await survive(Buffer.concat([Buffer.from(magic, 'latin1'), rest]));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('cut off: a WAV or FLAC file is never taken, others only where a frame or page ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        baseArb,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (base, part) => {
          const length = Math.floor(base.length * part);
          const result = await survive(base.subarray(0, length));
          if (result instanceof RecordingError) return;
          expect(['mp3', 'ogg-opus']).toContain(result.kind);
          if (result.kind === 'mp3') expect((length - 30) % 72).toBe(0);
          else expect(base.toString('latin1', length, length + 4)).toBe('OggS');
        },
      ),
      { numRuns: 300 },
    );
  });
});

// Each would take hours, or all memory, if time or space grew faster than the bytes.
describe('20 MiB of', () => {
  /** `head` and then `unit` again and again. */
  const full = (unit: Uint8Array, ...head: Uint8Array[]): Buffer => {
    const start = Buffer.concat(head);
    return Buffer.concat([start, Buffer.alloc(MAX_RECORDING_BYTES - start.length, unit)]);
  };
  const head = page([opusHead()], { first: true });
  /** A page of 255 packets, numbered right when it comes as page `sequence`. */
  const crowded = (unit: Uint8Array, sequence: number) =>
    page(
      Array.from({ length: 255 }, () => unit),
      { sequence },
    );
  const text = (value: string) => Buffer.from(value, 'latin1');

  test.each<[string, () => Uint8Array]>([
    ['zeros', () => full(Buffer.alloc(1))],
    ['ones', () => full(Buffer.alloc(1, 255))],
    ['chance', () => randomBytes(MAX_RECORDING_BYTES)],
    ['chance behind an Ogg page', () => concat([head, randomBytes(MAX_RECORDING_BYTES - head.length)])],
    ['empty chunks', () => full(make.chunk('LIST', Buffer.alloc(0)), text('RIFF0000WAVE'))],
    ['RIFF in RIFF', () => full(text('RIFF\xff\xff\xff\x7fWAVE'))],
    ['LIST in LIST, each to the end', () => full(text('LIST\0\0\0\x01adtl'), text('RIFF0000WAVE'))],
    ['empty tags', () => full(make.id3(0))],
    ['shortest MP3 frames', () => full(make.mp3(1))],
    [
      'empty FLAC blocks',
      () => full(Buffer.of(1, 0, 0, 0), Buffer.from(make.FLAC.subarray(0, 42)).fill(0, 4, 5)),
    ],
    ['last FLAC frames', () => full(make.FLAC.subarray(-12, -2), make.FLAC)],
    ['false Ogg pages', () => full(text(`OggS${'\0'.repeat(22)}\xff`), head)],
    ['empty Ogg pages', () => full(rawPage([], new Uint8Array(0), { sequence: 1 }), head)],
    ['boxes in boxes', () => full(box('moov'), make.mp4('isom'))],
    ['handlers', () => full(box('hdlr'), make.mp4('isom'), box('moov'))],
    ['boxes that say nothing of their size', () => full(Buffer.alloc(8), make.mp4('isom'))],
  ])('%s', async (_, bytes) => {
    expect(await survive(bytes())).toBeInstanceOf(RecordingError);
  });

  test('the smallest Opus packets, pages all in order', async () => {
    const pages: Uint8Array[] = [head];
    for (let size = head.length; size < 1 << 20; size += pages.at(-1)?.length ?? 0) {
      pages.push(crowded(Uint8Array.of(0xe0), pages.length));
    }
    expect(await survive(concat(pages))).toMatchObject({ reason: 'too-long' });
  });

  test('one Opus packet that never ends, and padding', async () => {
    const endless: Uint8Array[] = [head];
    const padded: Uint8Array[] = [head];
    const lacing = Array.from({ length: 255 }, () => 255);
    for (let i = 1; i < 300; i++) {
      const body = Buffer.alloc(255 * 255);
      endless.push(rawPage(lacing, body, { sequence: i, continued: i > 1 }));
      padded.push(page([Buffer.alloc(254 * 255, packet20(1))], { sequence: i }));
    }
    expect(await survive(concat(endless))).toMatchObject({ reason: 'damaged' });
    expect(await survive(concat(padded))).toBeInstanceOf(RecordingError);
  });
});

function box(type: string): Buffer {
  return make.box(type);
}
