import { MonoDecoder, SAMPLE_RATE_HZ } from '../opus/decode.ts';
import { PacketError } from '../opus/packet.ts';
import { Slices } from '../slices.ts';
import { RecordingError } from './error.ts';
import { flacSeconds } from './flac.ts';
import { kindOf, type RecordingKind } from './kind.ts';
import { mp3Seconds, mp3Start } from './mp3.ts';
import { oggParts } from './ogg.ts';
import { afterTags } from './tags.ts';
import { emptyWav, wavSeconds, wavStart } from './wav.ts';

// Checks the recording that somebody uploads to make a voice from it, and brings it into a form that Fish Audio takes.
// The limits of its length and size are here; each kind of file is read in a file of its own (`wav.ts`, `mp3.ts`, …).

export { RecordingError, type RecordingFault } from './error.ts';

/** The shortest and the longest recording from which a voice may be made, in seconds. */
export const RECORDING_SECONDS = { min: 10, max: 90 } as const;
/** A larger file is refused, and need not be fetched. 90 s of CD sound are smaller. */
export const MAX_RECORDING_BYTES = 20 * 1024 * 1024;

/** A recording that has been inspected. */
export interface Recording {
  readonly kind: RecordingKind;
  readonly seconds: number;
  /** The file without the ID3v2 tags at its start. */
  readonly bytes: Uint8Array;
}

/** A recording in a form that Fish Audio takes. */
export interface Reference {
  readonly kind: Exclude<RecordingKind, 'ogg-opus'>;
  readonly seconds: number;
  readonly audio: Uint8Array;
}

interface Options {
  readonly signal?: AbortSignal;
}

/**
 * Finds the kind and the length of what somebody uploaded, by its content alone and without decoding it. It works in
 * slices, and the time grows with the size of the file. Whatever the bytes are, it rejects only with `RecordingError`
 * or with the signal's reason.
 */
export async function inspectRecording(bytes: Uint8Array, { signal }: Options = {}): Promise<Recording> {
  if (bytes.length > MAX_RECORDING_BYTES) throw new RecordingError('too-large');
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = afterTags(whole);
  if (start > 0 && start >= whole.length) throw new RecordingError('damaged');
  const file = whole.subarray(start);
  const kind = kindOf(file);
  const seconds = await secondsOf(kind, file, signal);
  if (seconds < RECORDING_SECONDS.min) throw new RecordingError('too-short');
  if (seconds > RECORDING_SECONDS.max) throw new RecordingError('too-long');
  return { kind, seconds, bytes: file };
}

function secondsOf(
  kind: RecordingKind,
  file: Buffer,
  signal: AbortSignal | undefined,
): number | Promise<number> {
  switch (kind) {
    case 'wav':
      return wavSeconds(file);
    case 'mp3':
      return mp3Seconds(file, RECORDING_SECONDS.max);
    case 'flac':
      return flacSeconds(file);
    case 'ogg-opus':
      return oggSeconds(file, signal);
  }
}

/** How many seconds an Ogg Opus file plays; the count stops when the file is too long. */
async function oggSeconds(file: Uint8Array, signal: AbortSignal | undefined): Promise<number> {
  const slices = new Slices(signal);
  let samples = 0;
  for (const part of oggParts(file)) {
    samples += part.samples - part.skip - part.trim;
    if (samples > RECORDING_SECONDS.max * SAMPLE_RATE_HZ) break;
    await slices.rest();
  }
  return samples / SAMPLE_RATE_HZ;
}

/**
 * Makes of a recording what Fish Audio takes as a reference: the file itself, or for an Ogg Opus file (such as a
 * Discord voice message) a WAV file of 16-bit mono samples at 48 kHz (at most 8.7 MB). Decoding takes about 3 ms of CPU
 * for each second of speech, in slices of a few milliseconds. What is longer than `maxSeconds` is cut off at the end;
 * only a FLAC file stays whole. Rejects with `RecordingError` or with the signal's reason.
 */
export async function asReference(
  recording: Recording,
  { signal, maxSeconds = RECORDING_SECONDS.max }: Options & { readonly maxSeconds?: number } = {},
): Promise<Reference> {
  const { kind, bytes } = recording;
  const seconds = Math.min(recording.seconds, maxSeconds);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (kind) {
    case 'wav':
      return { kind, seconds, audio: wavStart(file, seconds) };
    case 'mp3':
      return { kind, seconds, audio: mp3Start(file, seconds) };
    case 'flac':
      return { kind, seconds: recording.seconds, audio: bytes };
    case 'ogg-opus':
      return { kind: 'wav', seconds, audio: await decodedStart(bytes, seconds, signal) };
  }
}

/** Decodes the first `seconds` of an Ogg Opus file to a WAV file. */
async function decodedStart(
  bytes: Uint8Array,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { wav, pcm } = emptyWav(Math.round(seconds * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ);
  const decoder = new MonoDecoder();
  const slices = new Slices(signal);
  let at = 0;
  for (const part of oggParts(bytes)) {
    if (at === pcm.length) break;
    let { skip } = part;
    let left = part.samples - part.skip - part.trim;
    for (const packet of part.packets) {
      await slices.rest();
      const samples = decoded(decoder, packet);
      const heard = samples.subarray(skip, skip + left);
      pcm.set(heard.subarray(0, pcm.length - at), at);
      skip = Math.max(0, skip - samples.length);
      left -= heard.length;
      at = Math.min(pcm.length, at + heard.length);
    }
  }
  return wav;
}

function decoded(decoder: MonoDecoder, packet: Uint8Array): Int16Array {
  try {
    return decoder.decode(packet);
  } catch (cause) {
    if (!(cause instanceof PacketError)) throw cause;
    throw new RecordingError('damaged', undefined, { cause });
  }
}
