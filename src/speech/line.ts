import type { UserError } from '../errors.ts';
import type { VoiceReference } from '../fish/request.ts';
import type { VoiceFailure } from '../fish/voice-health.ts';
import type { Language } from '../text/language.ts';
import type { Caps } from './budget.ts';
import type { LineMemory } from './cache.ts';
import type { LiveWords } from './live-words.ts';
import type { Reason } from './reasons.ts';

// A line is what one person wants said in a voice channel, with all that decides how it sounds, what it may cost, and
// who is told its outcome. `src/discord/lines/line-maker.ts` makes lines; `queued-line.ts` is one that waits.

/** A voice in which nothing could be said, by its id, and why. */
export interface FailedVoice {
  readonly voice: string;
  readonly failure: VoiceFailure;
}

/** How a line is said, in the terms of a request to Fish Audio. */
export interface Manner {
  /** The id of a voice (Fish's `reference_id`); undefined for Fish's default voice. */
  readonly voice: string | undefined;
  /**
   * The voices that are tried one after another if nothing can be said in `voice`; undefined is Fish's default voice.
   */
  readonly instead?: readonly (string | undefined)[];
  /** A recording of the speaker, which Fish imitates in place of `voice`. */
  readonly reference?: VoiceReference | undefined;
  /** 1 is the usual speed. */
  readonly speed: number;
  /** In dB; 0 is the usual volume. */
  readonly volume: number;
  readonly latency: 'low' | 'balanced' | 'normal';
  /** Null for Fish's default. */
  readonly temperature: number | null;
}

export interface Line {
  /** Who wants the line said. It counts towards the caps and turns of this person, who may also silence it. */
  readonly userId: string;
  /** Whose words and voice it is. This is somebody else than `userId` when a message is read aloud for that person. */
  readonly speakerId: string;
  /** The ids of others whose words it holds: of those whose message a proxy bot says in it, or it forwards. */
  readonly writers?: readonly string[];
  /** The speaker's display name in the guild, which `/queue` shows. */
  readonly name: string;
  /** The speaker's name as it is announced. */
  readonly spokenName: string;
  /** Speakable text, not empty. People may see it in `/queue`; it must never be logged. */
  readonly text: string;
  /** A digest of what was written, by which we notice that somebody writes the same again and again. */
  readonly digest: string;
  /** Words that are still being written, and are said in place of `text`; `text` is then only shown. */
  readonly live?: LiveWords;
  /** The language in which the speaker is announced. */
  readonly language: Language;
  readonly manner: Manner;
  /** Whether the speaker's name is said: `auto` says it where people may not know who speaks. */
  readonly announce: 'auto' | 'always' | 'never';
  /** Whether people know by the voice alone who speaks. */
  readonly telling: boolean;
  readonly source: 'command' | 'chat';
  /** The id of the message that is said; undefined if the line is no message, or is made of several. */
  readonly messageId: string | undefined;
  /** The id of the text channel of that message. */
  readonly channelId?: string;
  /** The id of the voice channel in which it was to be said when it was queued; noted by `Conversation.say`. */
  readonly voiceChannelId?: string;
  /**
   * The line begins at this time at the earliest, in milliseconds of the monotonic clock, and no line after it begins
   * before it; undefined if it may begin at once.
   */
  readonly notBefore?: number;
  /**
   * It was written while no process was there to read it. Such lines come all at once, so they are no flood, and do not
   * count towards how many of one person may wait.
   */
  readonly missed?: boolean;
  /** A line with priority is heard before those without. */
  readonly priority: boolean;
  /** How the line may be said from memory, and be kept for the next time; undefined if it may not. */
  readonly memory?: LineMemory;
  readonly caps: Caps;
  /** Called when people begin to hear the line. */
  readonly onBegun?: () => void;
  /** Called once if the line could not be said to its end, unless somebody wanted silence. */
  readonly onFailed: (error: UserError) => void;
  /** Called if nothing can be said in a voice of the manner, and another voice is used. */
  readonly onVoiceGone?: (gone: FailedVoice) => void;
  /** Called when the voice of the manner begins to speak. */
  readonly onVoiceSpoke?: (voice: string) => void;
  /** Called once: with null if the line was heard to its end, otherwise with the reason. */
  readonly onOutcome: (reason: Reason | null) => void;
}
