import type { UserError } from '../errors.ts';
import type { Language } from '../text/language.ts';
import type { Caps } from './budget.ts';
import type { LiveWords } from './live-words.ts';
import type { Reason } from './reasons.ts';

/** Why nothing is said in a voice: Fish does not know it any more, or never did, or it knows it and sends no sound. */
export type VoiceLoss = 'gone' | 'unknown' | 'silent';

/** How a line is said, in the terms of Fish Audio's request. */
export interface Manner {
  /** `reference_id`; Fish's own voice when undefined. */
  readonly voice: string | undefined;
  /** What is used in place of a voice that Fish no longer knows, one after another; undefined: Fish's own. */
  readonly instead?: readonly (string | undefined)[];
  /** A recording of the speaker, in place of `voice`, and the words said in it, empty where they are not known. */
  readonly reference?: { readonly audio: Uint8Array; readonly text: string } | undefined;
  /** 1 is usual. */
  readonly speed: number;
  /** dB; 0 is usual. */
  readonly volume: number;
  readonly latency: 'low' | 'balanced' | 'normal';
  /** Null: Fish's own. */
  readonly temperature: number | null;
}

/** What one person wants said. */
export interface Line {
  /** Who wants it said: theirs are the caps, the turn, and the right to silence it. */
  readonly userId: string;
  /** Whose words and voice it is; somebody else's when a message is read aloud for `userId`. */
  readonly speakerId: string;
  /** The speaker's display name in the server, for `/queue`. */
  readonly name: string;
  /** The name as it is announced. */
  readonly spokenName: string;
  /** Speakable text, not empty; people may see it again in `/queue`; never logged. */
  readonly text: string;
  /** Of what was written, which is not kept: whoever writes the very same again and again is noticed by it. */
  readonly digest: string;
  /** What is said instead, where that is still being written; `text` is only shown then. */
  readonly live?: LiveWords;
  /** Of the announcement. */
  readonly language: Language;
  readonly manner: Manner;
  readonly announce: 'auto' | 'always' | 'never';
  /** The voice alone tells who speaks. */
  readonly telling: boolean;
  readonly source: 'command' | 'chat';
  /** Of the one message that it is, in chat or read aloud. */
  readonly messageId: string | undefined;
  /** Where that message stands. */
  readonly channelId?: string;
  /** Heard before those without. */
  readonly priority: boolean;
  readonly caps: Caps;
  /** Called once if the line could not be said, or not to its end, unless somebody wanted silence. */
  readonly onFailed: (error: UserError) => void;
  /** Called where nothing can be said in a voice of its manner, and another is used instead. */
  readonly onVoiceGone?: (voice: string, loss: VoiceLoss) => void;
  /** Called when the voice of its manner begins to speak. */
  readonly onVoiceSpoke?: (voice: string) => void;
  /** Called once: null when it was heard to its end, else why not. */
  readonly onOutcome: (reason: Reason | null) => void;
}
