/** Recordings of every kind, as small as can be, written plainly from their formats. */

import { encode } from '../opus.ts';
import { concat, opusHead, opusTags, packet20, page } from '../pages.ts';

export function chunk(id: string, body: Uint8Array, claimed = body.length): Buffer {
  const header = Buffer.alloc(8);
  header.write(id, 'latin1');
  header.writeUInt32LE(claimed, 4);
  return Buffer.concat([header, body, Buffer.alloc(body.length % 2)]);
}

export function riff(...chunks: Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  return chunk('RIFF', body);
}

export interface WavFormat {
  tag?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  frameBytes?: number;
  /** WAVE_FORMAT_EXTENSIBLE, with `tag` in its GUID. */
  extensible?: boolean;
}

export function fmt(options: WavFormat = {}): Buffer {
  const { tag = 1, channels = 1, rate = 8000, bits = 16, extensible = false } = options;
  const { frameBytes = (channels * bits) / 8 } = options;
  const body = Buffer.alloc(extensible ? 40 : 16);
  body.writeUInt16LE(extensible ? 0xfffe : tag, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(rate, 4);
  body.writeUInt32LE(rate * frameBytes, 8);
  body.writeUInt16LE(frameBytes, 12);
  body.writeUInt16LE(bits, 14);
  if (extensible) {
    body.writeUInt16LE(22, 16);
    body.writeUInt16LE(tag, 24);
    body.set(Buffer.from('000000001000800000aa00389b71', 'hex'), 26);
  }
  return chunk('fmt ', body);
}

export function wav(seconds: number, options: WavFormat = {}): Buffer {
  const { channels = 1, rate = 8000, bits = 16 } = options;
  return riff(fmt(options), chunk('data', Buffer.alloc((seconds * rate * channels * bits) / 8)));
}

/** Frames of MPEG 2.5 layer III at 8 kHz and 8 kbit/s: 72 ms, 72 bytes each. */
export function mp3(frames: number): Buffer {
  const frame = Buffer.alloc(72);
  frame.set([0xff, 0xe3, 0x18, 0xc4]);
  return Buffer.concat(Array.from({ length: frames }, () => frame));
}

export function id3(size: number): Buffer {
  const tag = Buffer.alloc(10 + size);
  tag.write('ID3\x04\0\0', 'latin1');
  for (let i = 0; i < 4; i++) tag[6 + i] = (size >> (21 - 7 * i)) & 127;
  return tag;
}

/** 11 s of silence at 8 kHz, by `flac` 1.4.2 in blocks of 16,384 samples. */
export const FLAC = Buffer.from(
  'ZkxhQ4AAACJAAEAAAAALAAANAfQA8AABV8B9P6LNSfWTKKb5P1Ihulta//jkCABHAAAA5kr/+OQIAUAAAACKMv/45AgCSQAAAD66//jk' +
    'CANOAAAAUsL/+OQIBFsAAADXr//4dAgFF79dAAAAlI8=',
  'base64',
);

export interface OggRecordingOptions {
  packets?: readonly Uint8Array[];
  preSkip?: number;
  /** How many samples the last page says to leave out. */
  trim?: number;
}

/** A voice message as clients make it: pages of a second. 20 ms packets; 12 s if not told otherwise. */
export function oggPages(options: OggRecordingOptions = {}): Uint8Array[] {
  const { packets = speech(600), preSkip = 312, trim = 0 } = options;
  const head = opusHead();
  head[10] = preSkip & 255;
  head[11] = preSkip >> 8;
  const pages = [page([head], { first: true }), page([opusTags()], { sequence: 1 })];
  for (let at = 0; at < packets.length; at += 50) {
    const some = packets.slice(at, at + 50);
    const last = at + 50 >= packets.length;
    const granule = (at + some.length) * 960 - (last ? trim : 0);
    pages.push(page(some, { sequence: pages.length, granule, last }));
  }
  return pages;
}

export const ogg = (options?: OggRecordingOptions): Buffer => Buffer.from(concat(oggPages(options)));

export function speech(packets: number): Uint8Array[] {
  return encode({ mode: 'celt', ms: 20, packets, bitrate: 16_000 });
}

/** Packets that are valid and hardly anything. */
export const tiny = (packets: number): Uint8Array[] =>
  Array.from({ length: packets }, (_, i) => packet20(i, 3));

export function box(type: string, ...bodies: Uint8Array[]): Buffer {
  const body = Buffer.concat(bodies);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

/** An MP4 file with tracks of these kinds (`soun`, `vide`), its sound before or after what describes it. */
export function mp4(brand: string, ...tracks: string[]): Buffer {
  const described = tracks.map(kind =>
    box(
      'trak',
      box('tkhd', Buffer.alloc(84)),
      box('mdia', box('hdlr', Buffer.from(`${'\0'.repeat(8)}${kind}`))),
    ),
  );
  return Buffer.concat([
    box('ftyp', Buffer.from(`${brand}\0\0\0\0isom`)),
    box('mdat', Buffer.alloc(5000)),
    box('moov', ...described),
  ]);
}
