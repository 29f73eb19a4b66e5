import { hash } from 'node:crypto';
import type { Client, Guild } from 'discord.js';
import type { GuildSettings } from '../../settings/guild.ts';
import type { Line } from '../../speech/line.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import { type Language, languageOf } from '../../text/language.ts';
import { type SpeakingRules, speakable } from '../../text/speakable.ts';
import type { Written } from '../../text/written.ts';
import type { Clones } from '../../voices/clones.ts';
import { settingsAt, settingsPlace } from '../channel-settings.ts';
import type { Place } from './channel-names.ts';
import { GuildRules } from './guild-rules.ts';
import { type LineLanguage, LineLanguages } from './line-languages.ts';
import { lineMemoryOf } from './line-memory.ts';
import { mannerOf, type ProcessManner } from './manner.ts';

// Makes a line of what somebody wrote: one piece of speech, with its text, voice and limits, by the settings and the
// dictionary of the guild. `manner.ts` chooses voice and speed, `guild-rules.ts` knows how words are spoken.

interface Author {
  readonly id: string;
  /**
   * Whom listeners take for the speaker. For a webhook each of its names is a speaker of its own; for everybody else
   * it is `id`, which is also the default.
   */
  readonly speakerId?: string;
  readonly displayName: string;
}

/** Somebody says something in a channel of a guild: who, where, what, and in which voice. */
export interface Saying {
  readonly guild: Guild;
  readonly channelId: string;
  readonly author: Author & { readonly byBot: boolean };
  readonly roleIds: { has(id: string): boolean };
  readonly written: Written | string;
  /** See `Line`. */
  readonly writers?: readonly string[] | undefined;
  /** The id of whoever has it said by a command or menu; undefined for chat. */
  readonly callerId?: string;
  /** The id of the voice that the caller asked for together with these words; undefined when they asked for none. */
  readonly voice: string | undefined;
}

/** A line without the fields that say where it comes from and who learns what becomes of it. */
export type Draft = Omit<Line, 'onFailed' | 'onOutcome' | 'source' | 'messageId'>;

/** By which settings, by which rules and in which language a line is spoken. */
interface HowToSpeak {
  readonly settings: GuildSettings;
  readonly rules: SpeakingRules;
  readonly language: LineLanguage;
}

export class LineMaker {
  readonly #rules: GuildRules;
  readonly #process: ProcessManner;
  readonly #clones: Pick<Clones, 'mayUse' | 'referenceOf'>;
  readonly #store: Pick<Store, 'cached'>;
  readonly #languages = new LineLanguages();

  constructor(
    client: Client,
    process: ProcessManner,
    clones: Pick<Clones, 'mayUse' | 'referenceOf'>,
    store: Pick<Store, 'cached'>,
  ) {
    this.#store = store;
    this.#rules = new GuildRules(client);
    this.#process = process;
    this.#clones = clones;
  }

  /**
   * Returns the text that is sent to Fish Audio for what was written, with its length in bytes, and whether its end
   * was left out because it was too long. The text is empty when nothing can be said. Where its language cannot be told
   * it is that of `otherwise`, a locale, or else the guild's.
   */
  speakable(guild: Guild, record: GuildRecord, place: Place, written: Written | string, otherwise?: string) {
    const settings = settingsAt(guild, record.settings, place.channelId);
    const language = this.languageOf(guild, record, place.channelId, written, otherwise);
    return speakable(written, this.#rules.of(guild, record, { settings, language, place }));
  }

  /** Returns the language of the words that the bot adds to what was written in a channel, whoever wrote it. */
  languageOf(
    guild: Guild,
    record: GuildRecord,
    channelId: string,
    written: Written | string,
    otherwise = localeOf(guild, settingsAt(guild, record.settings, channelId)),
  ): Language {
    return this.#languages.of(written, { guildId: guild.id, channelId, speakerId: '' }, otherwise).words;
  }

  /** Makes the line of what somebody wrote; or says why nothing of it can be said. */
  draft(saying: Saying, record: GuildRecord): { draft: Draft; cut: boolean } | 'nothing' | 'blocked-word' {
    const how = this.#how(saying, record, true);
    const { text, cut, blocked } = speakable(saying.written, how.rules);
    if (blocked) return 'blocked-word';
    return text === '' ? 'nothing' : { draft: this.#draft(saying, record, text, how), cut };
  }

  /** Makes the line of a text that is speakable already, which means that nothing in it is changed or left out. */
  draftOfSpeakable(saying: Saying, record: GuildRecord, text: string): Draft {
    return this.#draft(saying, record, text, this.#how(saying, record, false));
  }

  /**
   * Returns the voice, the speed and the rest by which somebody's words are said. `telling` is true when listeners
   * can tell by the voice alone who speaks.
   */
  mannerOf(saying: Saying, record: GuildRecord): ReturnType<typeof mannerOf> {
    return this.#manner(saying, record, this.#how(saying, record, false));
  }

  /** Looks up how a line is spoken, once for each. With `remember` its language counts for the lines after it. */
  #how(
    { guild, channelId, author, callerId, written }: Saying,
    record: GuildRecord,
    remember: boolean,
  ): HowToSpeak {
    const settings = settingsAt(guild, record.settings, channelId);
    const writer = { guildId: guild.id, channelId, speakerId: author.speakerId ?? author.id };
    const language = this.#languages.of(written, writer, localeOf(guild, settings), remember);
    const place = { channelId, people: [...new Set([author.id, callerId ?? author.id])] };
    const rules = this.#rules.of(guild, record, { settings, language: language.words, place });
    return { settings, language, rules };
  }

  #draft(saying: Saying, record: GuildRecord, text: string, how: HowToSpeak): Draft {
    const { guild, author, writers, roleIds, written } = saying;
    const { settings, rules } = how;
    const { manner, telling } = this.#manner(saying, record, how);
    const { messageBytes, personBytesPerMinute, serverBytesPerDay, announce, priorityRole } = settings;
    return {
      userId: author.id,
      speakerId: author.speakerId ?? author.id,
      name: author.displayName,
      spokenName: this.#rules.spokenName(guild, record, nameOf(author, record), rules.language),
      text,
      digest: hash('sha1', JSON.stringify(written)),
      language: rules.language,
      manner,
      telling: telling && (author.speakerId ?? author.id) === author.id,
      announce,
      priority: priorityRole !== null && roleIds.has(priorityRole),
      caps: { messageBytes, personBytesPerMinute, serverBytesPerDay },
      ...(manner.reference === undefined && {
        memory: lineMemoryOf({ ...author, writers }, () => this.#store.cached(guild.id)),
      }),
      ...(writers && { writers }),
    };
  }

  #manner(
    { guild, author, channelId, voice }: Saying,
    record: GuildRecord,
    { settings, language }: Pick<HowToSpeak, 'settings' | 'language'>,
  ) {
    const userId = author.id;
    const person = record.people.get(userId);
    const place = settingsPlace(guild, record.settings, channelId);
    return mannerOf({
      userId,
      byBot: author.byBot,
      given: voice,
      person,
      settings,
      language: language.code,
      channelVoice: record.settings.channels.find(({ id }) => id === place)?.voice ?? null,
      guildVoice: record.settings.voice,
      people: record.people,
      process: this.#process,
      mayUse: id => this.#clones.mayUse(id, { guildId: guild.id, userId }),
      reference: this.#clones.referenceOf(guild.id, userId, person?.voice ?? null),
    });
  }

  /** Returns how a member's name is spoken in a channel of the guild. */
  spokenNameOf(guild: Guild, record: GuildRecord, channelId: string, author: Author): string {
    const language = this.languageIn(guild, record, channelId);
    return this.#rules.spokenName(guild, record, nameOf(author, record), language);
  }

  /** Returns the language in which the bot says what nobody has written, in a channel of the guild. */
  languageIn(guild: Guild, record: GuildRecord, channelId: string): Language {
    return languageOf(localeOf(guild, settingsAt(guild, record.settings, channelId)));
  }
}

/** The locale in which the bot adds words of its own where it cannot tell the language of what was written. */
function localeOf(guild: Guild, settings: GuildSettings): string {
  return settings.language ?? guild.preferredLocale;
}

/** The name of an author as they want it spoken, or else as it is written. A webhook writes under names of its own. */
function nameOf({ id, speakerId = id, displayName }: Author, { people }: GuildRecord): string {
  return (speakerId === id ? people.get(id)?.name : null) ?? displayName;
}
