import { createHash } from 'node:crypto';
import { type AudioKind, audioKind, REFERENCE_KINDS } from './audio-kind.ts';
import { isMap } from './message-map.ts';
import { RequestError } from './request-error.ts';

/** A recording that a client sent along, as tests may see it: never its sound. */
export interface ReferenceAudio {
  /** Length of the file. */
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly kind: AudioKind;
  /** What is said in it. */
  readonly text: string;
}

/**
 * Checks `references` of a `start`: a list of `{audio, text}`, or for several speakers a list of such lists. `audio`
 * is MessagePack bin (a string is not), a WAV, MP3 or FLAC file by its content. Its length of 10 to 30 s is advice
 * of the service and not enforced. Its exact words of refusal are not documented.
 */
export function parseReferences(value: unknown, severalSpeakers: boolean): ReferenceAudio[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new RequestError('invalid type for references: expected a sequence');
  const nested = value.length > 0 && value.every(Array.isArray);
  if (nested && !severalSpeakers)
    throw new RequestError('data did not match any variant of untagged enum MultiSpeakerReference');
  return (nested ? value.flat() : value).map(parseReference);
}

function parseReference(value: unknown): ReferenceAudio {
  if (!isMap(value)) throw new RequestError('invalid type for references: expected struct ReferenceAudio');
  const { audio, text } = value;
  if (audio === undefined) throw new RequestError('missing field audio');
  if (text === undefined) throw new RequestError('missing field text');
  if (!(audio instanceof Uint8Array)) throw new RequestError('invalid type for audio: expected bytes');
  if (typeof text !== 'string') throw new RequestError('invalid type for text: expected string');
  const kind = audioKind(audio);
  if (!kind || !REFERENCE_KINDS.includes(kind)) throw new RequestError('Invalid reference audio');
  return { bytes: audio.length, sha256: createHash('sha256').update(audio).digest('hex'), kind, text };
}
