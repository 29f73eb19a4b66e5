import { MonoDecoder, SAMPLE_RATE_HZ } from '../opus/decode.ts';
import { PacketError } from '../opus/packet.ts';
import { RecordingError } from './error.ts';
import { flacSeconds } from './flac.ts';
import { kindOf, type RecordingKind } from './kind.ts';
import { mp3Seconds, mp3Start } from './mp3.ts';
import { oggParts } from './ogg.ts';
import { afterTags } from './tags.ts';
import { emptyWav, wavSeconds, wavStart } from './wav.ts';
import { Slices } from '../slices.ts';

export { RecordingError, type RecordingFault } from './error.ts';

/** A voice is made of so much speech, seconds. */
export const RECORDING_SECONDS = { min: 10, max: 90 } as const;
/** 90 s of CD sound and more; whoever fetches a recording need not take in more. */
export const MAX_RECORDING_BYTES = 20 * 1024 * 1024;

/** A recording that has been looked at. */
export interface Recording {
  readonly kind: RecordingKind;
  readonly seconds: number;
  /** The file, without the tags (ID3v2) it began with. */
  readonly bytes: Uint8Array;
}

/** A recording as Fish Audio takes it. */
export interface Reference {
  readonly kind: Exclude<RecordingKind, 'ogg-opus'>;
  readonly seconds: number;
  readonly audio: Uint8Array;
}

interface Options {
  readonly signal?: AbortSignal;
}

/**
 * What somebody uploaded, by its content alone: its kind and how long it plays, found without decoding, in time
 * that grows with its size and in slices. Rejects with `RecordingError`, whatever the bytes, or with the signal's
 * reason.
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

/** Stops once it is too long. */
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
 * The recording for Fish Audio's `references`, from its beginning: the file itself, or, of a Discord voice message, a
 * WAV of 16-bit mono samples at 48 kHz (at most 8.7 MB), decoded in slices of a few milliseconds, about 3 ms of CPU a
 * second of speech. What is longer than `maxSeconds` is cut off, but of a FLAC file, which stays whole. Rejects with `RecordingError` and with the signal's reason.
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

/** The first `seconds` of an Ogg Opus file as WAV. */
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
