import { LRUCache } from 'lru-cache';
import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import { personDefaults } from '../../settings/person.ts';
import { shortened } from '../../shortened.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import type { Clones } from '../../voices/clones.ts';
import type { VoiceLibrary } from '../../voices/library.ts';
import { foldForSearch } from '../../voices/words.ts';
import type { Choice } from '../interaction/answer.ts';
import { plain } from '../interaction/texts.ts';

// Helps people wherever a voice can be typed: it offers voices while they type, finds out which voice they mean by a
// name or an id, and remembers which voices were used lately in a guild. `src/voices/library.ts` knows Fish Audio's
// voices, and `own-voices.ts` saves what people choose.

/** The most values that Discord offers for an option that is being typed. */
const MAX_OFFERED = 25;
/** While nothing is typed, at most this many voices are offered from each list that is near to the person. */
const MAX_OF_KIND = 10;
/** Somebody who chooses a voice waits at most this long for Fish Audio to tell whether it exists. */
const PATIENCE_MS = 1_500;
/** The most guilds whose recently used voices are remembered. */
const MAX_GUILDS = 1_000;
/** The most recently used voices that are remembered for one guild. */
const MAX_RECENT = 10;
/** Matches the usual form of a voice's id at Fish Audio. */
const HEX_ID = /^[0-9a-f]{32}$/i;

/** Somebody who chooses a voice, and the guild where they do so. An interaction has this shape. */
export interface Chooser {
  readonly guildId: string;
  readonly user: { readonly id: string };
  readonly locale: string;
}

export interface VoiceChoiceOptions {
  readonly library: VoiceLibrary;
  readonly store: Pick<Store, 'guild' | 'cached'>;
  readonly clones: Pick<Clones, 'mayUse' | 'checkUse'>;
}

/** Only `checkedId` and `nameOf` wait for Fish Audio; all else is answered from memory. */
export class VoiceChoice {
  readonly #options: VoiceChoiceOptions;
  /** The ids of the voices that were used last, by guild id, the latest first. */
  readonly #recent = new LRUCache<string, readonly string[]>({ max: MAX_GUILDS });

  constructor(options: VoiceChoiceOptions) {
    this.#options = options;
  }

  /**
   * Returns at most 25 voices for an option into which somebody has typed `typed`, at once and from memory. First
   * come the person's favourites, then the voices of this guild and its people, those that they chose before, those
   * used lately in the guild, and those of the library. Fish Audio is asked in the background for what was typed.
   */
  offers(chooser: Chooser, typed: string): readonly Choice[] {
    const { library } = this.#options;
    library.look(typed);
    const empty = typed.trim() === '';
    const near = this.#near(chooser);
    // A voice that was saved without being checked is offered as soon as it is certain that there is one.
    for (const id of near.flat()) if (!library.isProven(id)) library.askFor(id);
    const proven = near.map(kind => kind.filter(id => library.isProven(id)));
    const mine = proven.flatMap(kind => (empty ? kind.slice(0, MAX_OF_KIND) : kind));
    const found = empty ? library.liked(chooser.locale, MAX_OFFERED) : library.search(typed, MAX_OFFERED);
    const ids = new Set([...library.among(mine, typed), ...found.map(({ id }) => id)]);
    const usable = [...ids].filter(id => this.#mayUse(chooser, id)).slice(0, MAX_OFFERED);
    return usable.map(id => ({ name: library.nameOf(id), value: id }));
  }

  /**
   * Returns the id of the voice that somebody means by a text, which can be an id or a name. It goes by what is in
   * memory and does not ask Fish Audio. Throws a UserError when the text means no voice, or they may not use that
   * voice.
   */
  idOf(chooser: Chooser, given: string): string {
    const { library } = this.#options;
    const text = given.trim();
    const near = this.#near(chooser).flat();
    const own = near.find(
      id => foldForSearch(library.get(id)?.title ?? '') === foldForSearch(text) && this.#mayUse(chooser, id),
    );
    const isKnown = near.includes(text) || library.get(text) !== undefined || HEX_ID.test(text);
    const id = isKnown ? text : (own ?? library.named(text)?.id ?? (isVoiceId(text) ? text : null));
    if (id === null) throw new UserError('voice.no-match', { text: plain(shortened(text, 100)) });
    this.#options.clones.checkUse(id, { guildId: chooser.guildId, userId: chooser.user.id });
    return id;
  }

  /**
   * Resolves with the id of the voice that somebody means by a text, after Fish Audio was asked about it for a
   * moment. If Fish Audio does not answer, it goes by what is in memory. Rejects with a UserError when the text means
   * no voice, they may not use it, or Fish Audio has no such voice.
   */
  async checkedId(chooser: Chooser, given: string): Promise<string> {
    const { library } = this.#options;
    const text = given.trim();
    if (!HEX_ID.test(text) && !library.get(text) && !library.named(text)) {
      const asId = isVoiceId(text) ? library.lookUp(text, PATIENCE_MS) : null; // a single word may be either
      await Promise.all([library.learn(text, PATIENCE_MS), asId]);
    }
    const id = this.idOf(chooser, given);
    const missing = !library.isProven(id) && (await library.lookUp(id, PATIENCE_MS)) === null;
    const failure = library.voiceHealth.failureOf(id);
    if (missing || (failure && failure !== 'silent'))
      throw new UserError('voice.unknown', { voice: plain(id) });
    return id;
  }

  /**
   * Returns what is added to the answer that a voice was set: nothing, or the note that Fish Audio could not be asked
   * whether the voice exists.
   */
  uncheckedNote(id: string, t: Translate): string {
    return this.#options.library.isProven(id) ? '' : `\n${t('voice.unchecked', { voices: this.shown(id) })}`;
  }

  /** Resolves with a voice as it is shown to people. Fish Audio is asked for its name if that is not known. */
  async nameOf(id: string): Promise<string> {
    await this.#options.library.lookUp(id, PATIENCE_MS);
    return this.shown(id);
  }

  /**
   * Returns a voice as it is shown to people: by its name, or by its id if the name is not in memory. Of Fish Audio's
   * ids of 32 digits the first eight are enough to recognise one.
   */
  shown(id: string): string {
    const name = this.#options.library.nameOf(id);
    if (name !== id) return `**${plain(name)}**`;
    return HEX_ID.test(id) ? `\`${id.slice(0, 8)}…\`` : `\`${id}\``;
  }

  /** Notes that a voice has spoken in a guild, so that it is offered there. */
  noteUse(guildId: string, voice: string): void {
    this.#recent.set(guildId, latestFirst(voice, this.#recent.get(guildId) ?? [], MAX_RECENT));
  }

  /**
   * Returns lists of voice ids that somebody is likely to want: their favourites, the voices of this guild and its
   * people, those that they chose before, and those used lately in the guild. Some of them they may not use.
   */
  #near({ guildId, user }: Chooser): readonly (readonly string[])[] {
    const { store, library } = this.#options;
    const record = store.cached(guildId);
    if (!record) {
      void store.guild(guildId); // This loads the guild's record, so that it is in memory the next time.
      return [this.#recent.get(guildId) ?? []];
    }
    for (const { voiceId, name, userId } of record.clones)
      if (userId === user.id) library.know(voiceId, name);
    const person = record.people.get(user.id) ?? personDefaults;
    return [person.favourites, voicesHere(record, user.id), person.chosen, this.#recent.get(guildId) ?? []];
  }

  #mayUse({ guildId, user }: Chooser, voice: string): boolean {
    return this.#options.clones.mayUse(voice, { guildId, userId: user.id });
  }
}

/**
 * Returns the voices that are at home in a guild: the clones of this person, the voices that the guild has set, and the
 * voice of every person there who has chosen one. They may be clones of others, which this person may not use.
 */
function voicesHere({ settings, people, clones }: GuildRecord, userId: string): string[] {
  const own = clones.filter(clone => clone.userId === userId).map(({ voiceId }) => voiceId);
  const chosen = [...people.values()].map(({ voice }) => voice);
  const all = [
    ...own,
    settings.voice,
    ...Object.values(settings.voices),
    ...settings.newcomerVoices,
    ...chosen,
  ];
  return [...new Set(all)].filter(voice => voice !== null);
}

/**
 * Returns a list of voices with `voice` at its beginning, without its last entries if it would be longer than `max`.
 */
export function latestFirst(voice: string, before: readonly string[], max: number): string[] {
  return [voice, ...before.filter(one => one !== voice)].slice(0, max);
}

/**
 * Whether a text may be the id of a voice. At Fish Audio, that is the part after `/m/` in the voice's web address, and
 * usually 32 digits (`HEX_ID`); other ids are allowed too. A single word such as "Sarah" therefore counts as a possible
 * id, and Fish Audio is asked for both, a voice of that id and voices of that name.
 */
function isVoiceId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}
