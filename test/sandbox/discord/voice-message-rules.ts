import type { Form } from './form.ts';
import type { UploadedFile } from './rest-body.ts';
import { RestError } from './rest-error.ts';

const WAVEFORM_MAX_BYTES = 256;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;
const FILES_MAX = 10;

const moreContent = () => new RestError(400, 50159, 'Voice messages do not support additional content.');
const notOneSound = () => new RestError(400, 50160, 'Voice messages must have a single audio attachment.');
const noMetadata = () => new RestError(400, 50161, 'Voice messages must have supporting metadata.');
export const voiceIsFinal = () => new RestError(400, 50162, 'Voice messages cannot be edited.');
export const noVoiceHere = () => new RestError(403, 50173, 'You cannot send voice messages in this channel.');

/** What a voice message says of its sound. */
export interface VoiceFacts {
  readonly durationSecs: number;
  /** At most 256 heights of one byte, in base64. */
  readonly waveform: string;
}

/**
 * Throws as Discord answers if a message with the flag for voice is more or less than one sound: a file whose part
 * says `audio/…`, its length and waveform in the entry of `attachments` that names it, and nothing else. (Discord,
 * "Message", Voice Messages, and Attachment: where the part says another type, length and waveform are ignored.)
 */
export function checkVoiceMessage(
  form: Form,
  files: readonly UploadedFile[],
  isFull: (value: unknown) => boolean,
): void {
  for (const field of ['content', 'embeds', 'components', 'poll', 'sticker_ids'])
    if (isFull(form.value(field))) throw moreContent();
  const [file, ...others] = files;
  const entries = form.list('attachments', 0, FILES_MAX);
  if (!file || others.length > 0 || entries.length > 1 || !/^audio\//iu.test(file.type)) throw notOneSound();
  const [entry] = entries;
  if (!entry || file.field !== `files[${String(entry.value('id'))}]` || !voiceFacts(entry))
    throw noMetadata();
}

/** Length and waveform that an entry of `attachments` tells; undefined unless both are in order. */
export function voiceFacts(entry: Pick<Form, 'value'>): VoiceFacts | undefined {
  const [seconds, waveform] = [entry.value('duration_secs'), entry.value('waveform')];
  if (typeof seconds !== 'number' || !(seconds > 0) || typeof waveform !== 'string') return undefined;
  if (!BASE64.test(waveform) || waveform === '') return undefined;
  if (Buffer.from(waveform, 'base64').length > WAVEFORM_MAX_BYTES) return undefined;
  return { durationSecs: seconds, waveform };
}
