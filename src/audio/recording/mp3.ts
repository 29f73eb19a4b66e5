import { RecordingError } from './error.ts';

// How long an MP3 recording plays, and its first seconds as a file; one of the four kinds that `recording.ts` takes.

const HEADER_BYTES = 4;
/** The bits of a frame header that are the same in a whole file: version, layer and sample rate. */
const STEADY = 0xfffe0c00;
/** Other bytes may look like one frame by chance, but not like this many frames in a row. */
const MIN_FRAMES = 3;

/** The version is in two bits: 0 is MPEG 2.5, 2 is MPEG 2, 3 is MPEG 1. */
const MPEG1 = 3;
const KBITS_MPEG1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
const KBITS_MPEG2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] as const;
const RATES_HZ = [44_100, 48_000, 32_000] as const;
const ID3V1_BYTES = 128;
const APE_HEADER_BYTES = 32;

interface Frame {
  readonly bytes: number;
  readonly seconds: number;
}

/**
 * How many seconds an MP3 plays, by counting its frames; the count stops when it is more than `enough`. Throws
 * `RecordingError`: `not-audio` if there are fewer than three frames, `damaged` if the frames do not go on to the end.
 */
export function mp3Seconds(bytes: Buffer, enough: number): number {
  let at = 0;
  let seconds = 0;
  let frames = 0;
  let steady: number | undefined;
  while (at < bytes.length && seconds <= enough) {
    const header = at + HEADER_BYTES <= bytes.length ? bytes.readUInt32BE(at) : 0;
    steady ??= header & STEADY;
    const frame = (header & STEADY) === steady ? readFrame(header) : null;
    if (frame === null) {
      if (frames >= MIN_FRAMES && isTags(bytes.subarray(at))) return seconds;
      break;
    }
    at += frame.bytes;
    seconds += frame.seconds;
    frames += 1;
  }
  if (frames < MIN_FRAMES) throw new RecordingError('not-audio');
  if (seconds <= enough && at !== bytes.length) throw new RecordingError('damaged');
  return seconds;
}

/**
 * The first `seconds` of an MP3, cut after a whole frame; all of it if it is not longer. `mp3Seconds` must have read
 * it.
 */
export function mp3Start(bytes: Buffer, seconds: number): Buffer {
  let at = 0;
  let played = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const frame = readFrame(bytes.readUInt32BE(at));
    if (frame === null) break;
    played += frame.seconds;
    if (played > seconds) return bytes.subarray(0, at);
    at += frame.bytes;
  }
  return bytes;
}

/** Reads the header of a frame (ISO 11172-3 §2.4.2.3); null if it is none, or tells no bit rate. */
function readFrame(header: number): Frame | null {
  const version = (header >>> 19) & 3;
  const layer3 = ((header >>> 17) & 3) === 1;
  const rate = RATES_HZ[(header >>> 10) & 3];
  const kbits = (version === MPEG1 ? KBITS_MPEG1 : KBITS_MPEG2)[(header >>> 12) & 15];
  if (header >>> 21 !== 0x7ff || version === 1 || !layer3 || !rate || !kbits) return null;
  const hz = version === MPEG1 ? rate : version === 2 ? rate / 2 : rate / 4;
  const samples = version === MPEG1 ? 1152 : 576;
  const padding = (header >>> 9) & 1;
  return { bytes: Math.floor((samples * kbits * 125) / hz) + padding, seconds: samples / hz };
}

/** Whether this is an APEv2 tag, an ID3v1 tag, or the one followed by the other, and nothing else. */
function isTags(rest: Buffer): boolean {
  const ape = rest.length >= APE_HEADER_BYTES && rest.toString('latin1', 0, 8) === 'APETAGEX';
  const after = rest.subarray(ape ? APE_HEADER_BYTES + rest.readUInt32LE(12) : 0);
  if (after.length === 0) return ape && rest.length === APE_HEADER_BYTES + rest.readUInt32LE(12);
  return after.length === ID3V1_BYTES && after.toString('latin1', 0, 3) === 'TAG';
}
