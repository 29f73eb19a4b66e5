import type { Client, Guild } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { GuildSettings } from '../../settings/guild.ts';
import type { GuildRecord } from '../../store/store.ts';
import { spokenName } from '../../text/announcement.ts';
import { holdsBlockedWord } from '../../text/blocked-words.ts';
import { compileDictionary, type Dictionary } from '../../text/dictionary.ts';
import type { Language } from '../../text/language.ts';
import { joinedWords } from '../../text/name-words.ts';
import type { SpeakingRules } from '../../text/speakable.ts';
import { channelNames, type Place } from './channel-names.ts';

// Looks up by which rules text is spoken in a guild: its dictionary, the names of its members and channels, its
// settings for emojis and links. `src/text/speakable.ts` applies the rules. Spoken names are kept here for an hour.

/** How many spoken names are kept at most, of all guilds together, and for how long. */
const MAX_NAMES = 2_000;
const NAME_KEPT_MS = 3_600_000;

/** A compiled dictionary, and the blocked words by which it was made. It is a new object when one of them changes. */
interface KeptDictionary {
  readonly dictionary: Dictionary;
  readonly blockedWords: readonly string[];
}

/** A name as it is spoken, and by what it was made. */
interface SpokenName {
  readonly spoken: string;
  readonly by: KeptDictionary;
}

export class GuildRules {
  readonly #client: Client;
  /**
   * The compiled form of each guild's dictionary, with the blocked words by which it was made. It is made once: a
   * dictionary or a list that was changed is a new object, so it is compiled anew.
   */
  readonly #dictionaries = new WeakMap<GuildRecord['words'], KeptDictionary>();
  /** By guild id, language and display name. To make a spoken name takes as long as to make a short text speakable. */
  readonly #names = new LRUCache<string, SpokenName>({ max: MAX_NAMES, ttl: NAME_KEPT_MS });

  constructor(client: Client) {
    this.#client = client;
  }

  /** Returns the rules by which a text in this language is spoken where these settings hold. */
  of(
    guild: Guild,
    record: GuildRecord,
    { settings, language, place }: { settings: GuildSettings; language: Language; place: Place },
  ): SpeakingRules {
    const channelName = channelNames(guild, place);
    const { blockedWords } = settings;
    // People make threads, and call them as they like.
    const unlessBlocked = (name = '') =>
      holdsBlockedWord(`${name}\n${joinedWords(name) ?? ''}`, blockedWords) ? undefined : name;
    return {
      language,
      names: {
        user: id => {
          const name =
            record.people.get(id)?.name ??
            guild.members.cache.get(id)?.displayName ??
            this.#client.users.cache.get(id)?.displayName;
          return name && personUnlessBlocked(name, blockedWords);
        },
        role: id => unlessBlocked(guild.roles.cache.get(id)?.name),
        channel: id => unlessBlocked(channelName(id)),
      },
      emoji: settings.emoji,
      links: settings.links,
      tags: settings.tags,
      dictionary: this.#kept(record).dictionary,
      blockedWords,
      maxBytes: settings.messageBytes,
      maxSeconds: settings.maxSeconds,
      speed: settings.speed,
      now: Date.now(),
    };
  }

  /** Returns how a name that people see in a guild is spoken in a language: as "someone" if it holds a blocked word. */
  spokenName({ id }: Guild, record: GuildRecord, name: string, language: Language): string {
    const by = this.#kept(record);
    const key = `${id} ${language} ${name}`;
    const known = this.#names.get(key);
    if (known?.by === by) return known.spoken;
    const spoken = spokenName(personUnlessBlocked(name, by.blockedWords), language, by.dictionary);
    this.#names.set(key, { spoken, by });
    return spoken;
  }

  /**
   * Returns the guild's dictionary, without the entries that would have a blocked word said. An entry may be older than
   * the wish that its words are not said: the word of the entry is then said as it is written.
   */
  #kept({ words, settings: { blockedWords } }: GuildRecord): KeptDictionary {
    const known = this.#dictionaries.get(words);
    if (known?.blockedWords === blockedWords) return known;
    const allowed = [...words].filter(([, say]) => !holdsBlockedWord(say, blockedWords));
    const kept = { dictionary: compileDictionary(new Map(allowed)), blockedWords };
    this.#dictionaries.set(words, kept);
    return kept;
  }
}

/**
 * The name of a person, or an empty one if it holds a blocked word: they are then called "someone". If there were no
 * name, that of a reply would be taken from the message.
 */
function personUnlessBlocked(name: string, blockedWords: readonly string[]): string {
  return holdsBlockedWord(name, blockedWords) ? '' : name;
}
