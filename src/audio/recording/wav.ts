import { RecordingError } from './error.ts';

// How long a WAV recording plays, its first seconds as a file, and an empty WAV file to be filled; one of the four
// kinds that `recording.ts` takes.

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** At most this many chunks are read; recorders write a handful. */
const MAX_CHUNKS = 100;
const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** In WAVE_FORMAT_EXTENSIBLE the format is a GUID: two bytes as in other WAV files, then these. */
const GUID_TAIL = Buffer.from('000000001000800000aa00389b71', 'hex');
const MAX_CHANNELS = 2;
const RATES_HZ = { min: 8_000, max: 192_000 };
const BITS: Readonly<Record<number, readonly number[]>> = { [PCM]: [8, 16, 24, 32], [FLOAT]: [32, 64] };

interface Format {
  readonly rate: number;
  readonly frameBytes: number;
}

/** How many seconds a WAV file plays, as its header says. Throws `RecordingError` (`damaged` or `unsupported`). */
export function wavSeconds(bytes: Buffer): number {
  const { rate, frameBytes, size } = samplesIn(bytes);
  return size / (rate * frameBytes);
}

/**
 * The first `seconds` of a WAV file, as a new WAV file; if it is not longer, the file itself is returned. Throws
 * `RecordingError` (`damaged` or `unsupported`).
 */
export function wavStart(bytes: Buffer, seconds: number): Buffer {
  const { rate, frameBytes, at, size } = samplesIn(bytes);
  const wanted = Math.round(rate * seconds) * frameBytes;
  if (wanted >= size) return bytes;
  const start = Buffer.from(bytes.subarray(0, at + wanted));
  start.writeUInt32LE(start.length - CHUNK_HEADER_BYTES, 4);
  start.writeUInt32LE(wanted, at - 4);
  return start;
}

/** Finds the samples of a WAV file: from byte `at` on, `size` bytes. */
function samplesIn(bytes: Buffer): Format & { readonly at: number; readonly size: number } {
  let format: Format | undefined;
  let at = RIFF_HEADER_BYTES;
  for (let chunks = 0; chunks < MAX_CHUNKS && at + CHUNK_HEADER_BYTES <= bytes.length; chunks++) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    at += CHUNK_HEADER_BYTES;
    if (size > bytes.length - at) break;
    if (id === 'fmt ') format = readFormat(bytes.subarray(at, at + size));
    if (id === 'data' && format) return { ...format, at, size };
    at += size + (size & 1);
  }
  throw new RecordingError('damaged');
}

function readFormat(chunk: Buffer): Format {
  if (chunk.length < 16) throw new RecordingError('damaged');
  const tag = chunk.readUInt16LE(0);
  const extended = tag === EXTENSIBLE;
  if (extended && (chunk.length < 40 || !chunk.subarray(26, 40).equals(GUID_TAIL))) {
    throw new RecordingError('damaged');
  }
  const bits = BITS[extended ? chunk.readUInt16LE(24) : tag];
  if (bits === undefined) throw new RecordingError('unsupported', 'WAV that is not PCM');
  const channels = chunk.readUInt16LE(2);
  const rate = chunk.readUInt32LE(4);
  const frameBytes = chunk.readUInt16LE(12);
  const sampleBits = chunk.readUInt16LE(14);
  if (channels === 0 || !bits.includes(sampleBits) || frameBytes !== (channels * sampleBits) / 8) {
    throw new RecordingError('damaged');
  }
  if (rate < RATES_HZ.min || rate > RATES_HZ.max) throw new RecordingError('damaged');
  if (channels > MAX_CHANNELS) throw new RecordingError('unsupported', 'WAV of more than two channels');
  return { rate, frameBytes };
}

/** Makes a WAV file of 16-bit mono samples, all of them zero. `pcm` is a view of the samples, to be filled. */
export function emptyWav(samples: number, rate: number): { wav: Uint8Array; pcm: Int16Array } {
  const dataBytes = samples * 2;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(PCM, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  const wav = new Uint8Array(header.length + dataBytes);
  wav.set(header);
  return { wav, pcm: new Int16Array(wav.buffer, header.length, samples) };
}
