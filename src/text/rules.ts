import type { Dictionary } from './dictionary.ts';
import type { Language } from './language.ts';

/** How the ids in a message are called. Undefined where that is not known. */
interface Names {
  user(id: string): string | undefined;
  role(id: string): string | undefined;
  channel(id: string): string | undefined;
}

/** How what is written is made speech of. */
export interface SpeakingRules {
  /** Of the words that are the bot's own. */
  readonly language: Language;
  readonly names: Names;
  /** Emoji are said by their names, or left out. */
  readonly emoji: 'name' | 'skip';
  /** Fish Audio's emotion tags, such as `[laugh]`, work when people type them. */
  readonly tags: boolean;
  readonly dictionary: Dictionary;
  /** Of UTF-8. */
  readonly maxBytes: number;
  /** Of speech, at `speed`. */
  readonly maxSeconds: number;
  readonly speed: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Of those who listen, by IANA; unknown: UTC. */
  readonly timeZone?: string;
}
