import { RecordingError } from './error.ts';
import { isVideo } from './mp4.ts';

// Tells what kind of file somebody has uploaded as a recording of their voice, by its first bytes and not by its name.

/** The kinds of recordings that can be used: those that Fish Audio takes, and that of Discord's voice messages. */
export type RecordingKind = 'wav' | 'mp3' | 'flac' | 'ogg-opus';

/** Each packet of an MPEG transport stream begins with this byte. */
const TS_SYNC = 0x47;
/** The length of each packet of an MPEG transport stream. */
const TS_BYTES = 188;

const VIDEO_CODEC = /V_(VP|AV1|MPEG|MJPEG|MS|THEORA|UNCOMPRESSED)/;
/** Within this many bytes at the start of an Ogg file, each of its streams says what it is. */
const OGG_HEADS_BYTES = 4096;
/** Within this many bytes at its start, a Matroska file says what its tracks are. */
const MATROSKA_HEAD_BYTES = 65_536;

/**
 * Tells the kind of a file by its content; `bytes` are what follows the tags at its start. Throws `RecordingError`
 * (`not-audio`, `video` or `unsupported`) for all other kinds. It does not check whether the file is whole.
 */
export function kindOf(bytes: Buffer): RecordingKind {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  const magic = text(0, 4);
  switch (magic) {
    case 'RIFF':
      return riffKind(text(8, 12));
    case 'fLaC':
      return 'flac';
    case 'OggS':
      return oggKind(text(0, OGG_HEADS_BYTES));
    case '\x1aE\xdf\xa3':
      throw VIDEO_CODEC.test(text(0, MATROSKA_HEAD_BYTES)) ? video() : unsupported('WebM or Matroska');
    case 'FORM':
      throw /^AIF[FC]$/.test(text(8, 12)) ? unsupported('AIFF') : notAudio();
    case 'RF64':
    case 'RIFX':
      throw unsupported(`WAV (${magic})`);
    case '#!AM':
      throw unsupported('AMR');
    case 'caff':
      throw unsupported('CAF');
    case 'wvpk':
      throw unsupported('WavPack');
    case '0&\xb2u':
      throw unsupported('Windows Media');
    case '\0\0\x01\xba':
    case '\0\0\x01\xb3':
    case 'FLV\x01':
      throw video();
    default:
      break;
  }
  if (text(4, 8) === 'ftyp') throw isVideo(bytes) ? video() : unsupported('AAC (M4A)');
  if (bytes[0] === TS_SYNC && bytes[TS_BYTES] === TS_SYNC && bytes[2 * TS_BYTES] === TS_SYNC) throw video();
  return mpegKind(bytes);
}

function riffKind(form: string): RecordingKind {
  if (form === 'WAVE') return 'wav';
  throw form === 'AVI ' ? video() : notAudio();
}

function oggKind(heads: string): RecordingKind {
  if (heads.includes('\x80theora')) throw video();
  if (heads.includes('OpusHead')) return 'ogg-opus';
  if (heads.includes('\x01vorbis')) throw unsupported('Ogg Vorbis');
  if (heads.includes('\x7fFLAC')) throw unsupported('Ogg FLAC');
  if (heads.includes('Speex ')) throw unsupported('Ogg Speex');
  throw new RecordingError('damaged');
}

/** Tells the kind of MPEG audio by the first bytes of its first frame (ISO 11172-3 §2.4.1.3). */
function mpegKind(bytes: Buffer): RecordingKind {
  const [first, second] = bytes;
  if (first !== 0xff || second === undefined || (second & 0xe0) !== 0xe0) throw notAudio();
  switch (second & 0x06) {
    case 0x02:
      return 'mp3';
    case 0x00:
      throw (second & 0xf0) === 0xf0 ? unsupported('AAC') : notAudio();
    case 0x04:
      throw unsupported('MPEG audio layer II');
    default:
      throw notAudio();
  }
}

const video = () => new RecordingError('video');
const notAudio = () => new RecordingError('not-audio');
const unsupported = (format: string) => new RecordingError('unsupported', format);
