import { LRUCache } from 'lru-cache';
import type { Leanings } from '../../text/tell-by-words.ts';

// Remembers for an hour in which languages people have written, and in which channels, because a short message alone
// often does not tell its language. `line-languages.ts` decides by it.

/** What somebody wrote longer ago says nothing about their next message. */
const RECENT_MS = 3_600_000;
/** The most people, and the most channels, whose languages are remembered. */
const MOST_PEOPLE = 20_000;
const MOST_CHANNELS = 5_000;
/** How many messages count: the last ones of a person, and the last ones in a channel. */
const LAST_OF_PERSON = 5;
const LAST_OF_CHANNEL = 8;
/** A person has a habit if their last three messages are in one language; two are enough if no more are known. */
const HABIT = 2;
const HABIT_LOOKED_AT = 3;
/** How much the languages of a person, a channel and a guild count beside the words of a message: see `Leanings`. */
const OF_PERSON = 0.7;
const OF_CHANNEL = 0.3;
const OF_GUILD = 0.3;

/** Who writes where. A webhook is another speaker with each of its names. */
export interface Writer {
  readonly guildId: string;
  readonly channelId: string;
  readonly speakerId: string;
}

/** Keeps the languages of recent messages in memory only, and none of their words. */
export class RecentLanguages {
  readonly #people: LRUCache<string, readonly string[]>;
  readonly #channels: LRUCache<string, readonly string[]>;

  /** `now` tells the time in milliseconds, by a clock that nobody sets. */
  constructor(now = () => performance.now()) {
    const time = { ttl: RECENT_MS, ttlResolution: 0, perf: { now } };
    this.#people = new LRUCache({ max: MOST_PEOPLE, ...time });
    this.#channels = new LRUCache({ max: MOST_CHANNELS, ...time });
  }

  /** Remembers the language of a message. */
  note({ guildId, channelId, speakerId }: Writer, language: string): void {
    const person = `${guildId} ${speakerId}`;
    this.#people.set(person, [language, ...(this.#people.get(person) ?? [])].slice(0, LAST_OF_PERSON));
    this.#channels.set(
      channelId,
      [language, ...(this.#channels.get(channelId) ?? [])].slice(0, LAST_OF_CHANNEL),
    );
  }

  /** Returns which languages are likely in a message, in a guild with this language. */
  leanings({ guildId, channelId, speakerId }: Writer, guildLanguage: string): Leanings {
    const leanings = new Map([[guildLanguage, OF_GUILD]]);
    const add = (languages: readonly string[] = [], weight: number) => {
      for (const language of languages)
        leanings.set(language, (leanings.get(language) ?? 0) + weight / languages.length);
    };
    add(this.#people.get(`${guildId} ${speakerId}`), OF_PERSON);
    add(this.#channels.get(channelId), OF_CHANNEL);
    return leanings;
  }

  /** Returns the language in which a person has written all of their last messages; undefined if there is none. */
  habit({ guildId, speakerId }: Writer): string | undefined {
    const last = (this.#people.get(`${guildId} ${speakerId}`) ?? []).slice(0, HABIT_LOOKED_AT);
    return last.length >= HABIT && new Set(last).size === 1 ? last[0] : undefined;
  }
}
