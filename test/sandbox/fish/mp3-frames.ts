/** Sound of one frame of MPEG-1 layer III. */
export const MP3_FRAME_SAMPLES = 1152;

/** Indices in the header, by kb/s and by Hz (ISO 11172-3, 2.4.2.3). */
const BITRATES: Readonly<Record<number, number>> = { 64: 5, 128: 9, 192: 11 };
const RATES: Readonly<Record<number, number>> = { 44_100: 0, 32_000: 2 };
/** MPEG-1, layer III, no checksum. */
const SYNC = [0xff, 0xfb] as const;
const MONO = 0xc0;
const BYTES_PER_FRAME_AND_BIT_RATE = 144_000;

/**
 * A frame of silence, mono: a header, and side information of zeros, by which no coefficient follows. There is no
 * MP3 encoder here: the container is real, its length is right, the sound is not there.
 */
export function silentMp3Frame(rate: number, kilobits: number): Buffer {
  const [bitrate, hertz] = [BITRATES[kilobits], RATES[rate]];
  if (bitrate === undefined || hertz === undefined) throw new Error(`no MP3 at ${rate} Hz, ${kilobits} kb/s`);
  const frame = Buffer.alloc(Math.floor((BYTES_PER_FRAME_AND_BIT_RATE * kilobits) / rate));
  frame.set([...SYNC, (bitrate << 4) | (hertz << 2), MONO]);
  return frame;
}
