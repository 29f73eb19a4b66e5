import type { Dictionary } from './dictionary.ts';
import type { Language } from './language.ts';

// All that a guild and a person can set about how text is said, as the other files of this folder take it.
// `src/discord/lines/guild-rules.ts` fills it in.

/** The names for the ids in a message; undefined if a name is not known. */
interface Names {
  /** The name as it is written, or as the person wants it spoken. */
  user(id: string): string | undefined;
  role(id: string): string | undefined;
  channel(id: string): string | undefined;
}

/** The rules by which a written message is made speakable. */
export interface SpeakingRules {
  /** The language of the words that the bot adds. */
  readonly language: Language;
  readonly names: Names;
  /** Whether emoji are said by their names or left out. */
  readonly emoji: 'name' | 'skip';
  /** Whether a link is said with its site ("link to youtube"), with the word "link" alone, or left out. */
  readonly links: 'site' | 'word' | 'skip';
  /** Whether Fish Audio's emotion tags, such as `[laugh]`, work when people type them. */
  readonly tags: boolean;
  readonly dictionary: Dictionary;
  /** Words that are not to be said (see `blocked-words.ts`); absent where there are none. */
  readonly blockedWords?: readonly string[];
  /** The most UTF-8 bytes that are said. */
  readonly maxBytes: number;
  /** The most seconds of speech, at the speed `speed`. */
  readonly maxSeconds: number;
  /** How fast the voice speaks: 0.5 to 2, where 1 is usual. */
  readonly speed: number;
  /** The present time, in milliseconds since the epoch. */
  readonly now: number;
  /** The IANA time zone of the listeners. If it is undefined, times are said in UTC. */
  readonly timeZone?: string;
}
