import type { IncomingMessage, ServerResponse } from 'node:http';
import type { VoiceFacts } from './voice-message-rules.ts';

/** A file that somebody adds to a message or gives as an option. */
export interface NewAttachment {
  readonly name: string;
  readonly contentType?: string | undefined;
  /** In bytes; by default that of `bytes`. */
  readonly size?: number;
  /** What the CDN serves; without them zeros. */
  readonly bytes?: Uint8Array;
  /** What the CDN does when the file is asked for, instead of serving it. */
  readonly serve?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Where Discord says that it is; by default where it is. */
  readonly url?: string;
  /** The alt text. */
  readonly description?: string;
  /** Marked as a spoiler. Discord's client tells that by a flag; by the name of the file it did before. */
  readonly spoiler?: boolean;
  /** Flags besides that. */
  readonly flags?: number;
  /** Spoken into the microphone: the whole message is a voice message. */
  readonly voiceMessage?: boolean;
  /** What a voice message says of its sound; where it is left out, something. */
  readonly voice?: VoiceFacts;
}

/** A file as Discord keeps it. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: string | undefined;
  /** In bytes, as Discord says it. */
  readonly size: number;
  /** Null for a file of which only the size is known. */
  readonly bytes: Uint8Array | null;
  readonly serve?: NewAttachment['serve'];
  /** On the sandbox's CDN, unless a test said otherwise. */
  readonly url: string;
  readonly description?: string;
  readonly spoiler?: boolean;
  readonly flags?: number;
  readonly voiceMessage?: boolean;
  readonly voice?: VoiceFacts;
}

/** (Discord, "Message", Attachment Flags: IS_SPOILER.) */
const SPOILER_FLAG = 1 << 3;

/** Discord's client records these; a test that does not care leaves them out. */
const SOME_VOICE: VoiceFacts = { durationSecs: 2.5, waveform: Buffer.alloc(16, 128).toString('base64') };

/** The attachment object of the API. (Discord, "Message", Attachment.) */
export function attachmentPayload(attachment: Attachment, ephemeral = false): object {
  const {
    id,
    name,
    contentType,
    size,
    url,
    description,
    spoiler,
    flags = 0,
    voiceMessage,
    voice = SOME_VOICE,
  } = attachment;
  return {
    id,
    filename: name,
    size,
    url,
    proxy_url: url,
    ...(contentType !== undefined && { content_type: contentType }),
    ...(description !== undefined && { description }),
    ...((spoiler || flags > 0) && { flags: flags | (spoiler ? SPOILER_FLAG : 0) }),
    ...(voiceMessage && { duration_secs: voice.durationSecs, waveform: voice.waveform }),
    ...(ephemeral && { ephemeral }),
  };
}
