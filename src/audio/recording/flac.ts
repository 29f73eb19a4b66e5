import { RecordingError } from './error.ts';
import { endsWhole, type StreamInfo } from './flac-frame.ts';

// How long a FLAC recording plays, and whether we can use it; one of the four kinds that `recording.ts` takes.

const MARKER_BYTES = 4;
const BLOCK_HEADER_BYTES = 4;
const STREAMINFO_BYTES = 34;
/** At most this many metadata blocks are read; real files have hardly a dozen. */
const MAX_BLOCKS = 200;
const MAX_CHANNELS = 2;
/** Encoders make no longer blocks unless they are told to (RFC 9639 §7, the streamable subset). */
const MAX_BLOCK_SAMPLES = 16_384;

/**
 * How many seconds a FLAC file plays, as its header says; it is checked that the last frame ends just there. `bytes`
 * have to begin with "fLaC". Throws `RecordingError` (`damaged` or `unsupported`).
 */
export function flacSeconds(bytes: Buffer): number {
  const info = readStreamInfo(bytes);
  if (info.channels > MAX_CHANNELS) throw new RecordingError('unsupported', 'FLAC of more than two channels');
  if (info.maxBlock > MAX_BLOCK_SAMPLES) throw new RecordingError('unsupported', 'FLAC of very long blocks');
  if (info.total === 0) throw new RecordingError('unsupported', 'FLAC of unknown length');
  const audio = bytes.subarray(audioStart(bytes));
  if (!endsWhole(audio, info)) throw new RecordingError('damaged');
  return info.total / info.rate;
}

function readStreamInfo(bytes: Buffer): StreamInfo {
  const at = MARKER_BYTES + BLOCK_HEADER_BYTES;
  const whole = bytes.length >= at + STREAMINFO_BYTES;
  // The first block is always STREAMINFO, which is type 0; the highest bit says whether it is the last block.
  if (!whole || (bytes.readUInt32BE(MARKER_BYTES) & 0x7fffffff) !== STREAMINFO_BYTES) {
    throw new RecordingError('damaged');
  }
  const minBlock = bytes.readUInt16BE(at);
  const maxBlock = bytes.readUInt16BE(at + 2);
  const packed = bytes.readUInt32BE(at + 10);
  const info: StreamInfo = {
    maxBlock,
    rate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bits: ((packed >>> 4) & 31) + 1,
    total: (packed & 15) * 2 ** 32 + bytes.readUInt32BE(at + 14),
  };
  if (info.rate < 8_000 || maxBlock < 16 || minBlock > maxBlock) throw new RecordingError('damaged');
  return info;
}

/** Where the metadata blocks end and the frames begin. */
function audioStart(bytes: Buffer): number {
  let at = MARKER_BYTES;
  for (let blocks = 0; blocks < MAX_BLOCKS && at + BLOCK_HEADER_BYTES <= bytes.length; blocks++) {
    const header = bytes.readUInt32BE(at);
    at += BLOCK_HEADER_BYTES + (header & 0xffffff);
    if (header >>> 31 === 1) return at;
  }
  throw new RecordingError('damaged');
}
