import { LRUCache } from 'lru-cache';
import type { Clones } from '../../voices/clones.ts';
import { UserError } from '../../errors.ts';
import type { VoiceLibrary } from '../../voices/library.ts';
import { shortened } from '../../voices/voice-name.ts';
import { foldForSearch } from '../../voices/words.ts';
import type { Translate } from '../../locale/catalogue.ts';
import { MAX_FAVOURITES, type PersonSettings } from '../../settings.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import type { Choice } from '../interaction/answer.ts';
import { plain } from '../interaction/texts.ts';
import { knownGuild } from '../known-guild.ts';

/** Discord's limit for the values offered for an option. */
const MAX_OFFERED = 25;
/** Of each kind, as long as nothing is typed. */
const MAX_OF_KIND = 8;
/** Nobody who chooses a voice waits longer to hear that there is none. */
const PATIENCE_MS = 1_500;
const MAX_SERVERS = 1_000;
const MAX_RECENT = 10;
const HEX_ID = /^[0-9a-f]{32}$/i;

/** Who chooses where. */
interface Chooser {
  readonly guildId: string;
  readonly user: { readonly id: string };
  readonly locale: string;
}

export interface VoiceChoiceOptions {
  readonly library: VoiceLibrary;
  readonly store: Pick<Store, 'guild' | 'problem' | 'cached' | 'savePerson'>;
  readonly clones: Pick<Clones, 'mayUse' | 'checkUse'>;
}

/** How people choose voices: what they are offered, and what they mean. */
export class VoiceChoice {
  readonly #options: VoiceChoiceOptions;
  /** The voices used last, the latest first, by server. */
  readonly #recent = new LRUCache<string, readonly string[]>({ max: MAX_SERVERS });

  constructor(options: VoiceChoiceOptions) {
    this.#options = options;
  }

  /**
   * At most 25 voices for an option in which `typed` stands, at once and from memory: the person's and the server's
   * own, those they chose before, those used lately, then the library's.
   */
  offers(chooser: Chooser, typed: string): readonly Choice[] {
    const { library } = this.#options;
    library.look(typed);
    const empty = typed.trim() === '';
    const near = this.#near(chooser).map(kind => kind.filter(id => this.#isProven(id)));
    const mine = near.flatMap(kind => (empty ? kind.slice(0, MAX_OF_KIND) : kind));
    const found = empty ? library.liked(chooser.locale, MAX_OFFERED) : library.search(typed, MAX_OFFERED);
    const ids = new Set([...library.among(mine, typed), ...found.map(({ id }) => id)]);
    const usable = [...ids].filter(id => this.#mayUse(chooser, id)).slice(0, MAX_OFFERED);
    return usable.map(id => ({ name: library.nameOf(id), value: id }));
  }

  /** The id of the voice that is meant, by what is known at once. Throws a UserError where none can be. */
  chosen(chooser: Chooser, given: string): string {
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

  /** The same after asking Fish, where that answers quickly. Throws a UserError also where there is no such voice. */
  async checked(chooser: Chooser, given: string): Promise<string> {
    const { library } = this.#options;
    if (!isVoiceId(given.trim()) && !library.named(given)) await library.learn(given, PATIENCE_MS);
    const id = this.chosen(chooser, given);
    const missing = !library.isProven(id) && (await library.lookUp(id, PATIENCE_MS)) === null;
    const loss = library.gone.lossOf(id);
    if (missing || (loss && loss !== 'silent')) throw new UserError('voice.unknown', { voice: plain(id) });
    return id;
  }

  /** What is to be added to the word that a voice is taken: nothing, or that Fish could not be asked for it. */
  doubt(id: string, t: Translate): string {
    return this.#options.library.isProven(id) ? '' : `\n${t('voice.unchecked', { voices: this.shown(id) })}`;
  }

  /** A voice in a text: by its name, with its id. */
  async nameOf(id: string): Promise<string> {
    await this.#options.library.lookUp(id, PATIENCE_MS);
    return this.shown(id);
  }

  /** The same by what is known at once. */
  shown(id: string): string {
    const name = this.#options.library.nameOf(id);
    return name === id ? `\`${id}\`` : `**${plain(name)}** (\`${id}\`)`;
  }

  /** Voices that were kept unchecked are offered to nobody before they have spoken; Fish is asked for the next time. */
  #isProven(id: string): boolean {
    const { library } = this.#options;
    const isProven = library.isProven(id);
    if (!isProven) library.nameOf(id);
    return isProven;
  }

  /** Somebody takes a voice as their own, perhaps with more. */
  async take({ guildId, user }: Chooser, voice: string, more: Partial<PersonSettings> = {}): Promise<void> {
    const { store } = this.#options;
    const before = (await knownGuild(store, guildId)).people.get(user.id)?.favourites ?? [];
    const favourites = latestFirst(voice, before, MAX_FAVOURITES);
    await store.savePerson(guildId, user.id, { voice, favourites, ...more });
  }

  /** A voice has spoken in a server. */
  used(guildId: string, voice: string): void {
    this.#recent.set(guildId, latestFirst(voice, this.#recent.get(guildId) ?? [], MAX_RECENT));
  }

  /** The voices that are near to somebody: their own and the server's, those they chose before, those used lately. */
  #near({ guildId, user }: Chooser): readonly (readonly string[])[] {
    const { store, library } = this.#options;
    const record = store.cached(guildId);
    if (!record) {
      void store.guild(guildId); // for the next time
      return [this.#recent.get(guildId) ?? []];
    }
    for (const { voiceId, name, userId } of record.clones)
      if (userId === user.id) library.know(voiceId, name);
    return [
      ownVoices(record, user.id),
      record.people.get(user.id)?.favourites ?? [],
      this.#recent.get(guildId) ?? [],
    ];
  }

  #mayUse({ guildId, user }: Chooser, voice: string): boolean {
    return this.#options.clones.mayUse(voice, { guildId, userId: user.id });
  }
}

function ownVoices({ settings, people, clones }: GuildRecord, userId: string): string[] {
  const own = clones.filter(clone => clone.userId === userId).map(({ voiceId }) => voiceId);
  const chosen = [...people.values()].map(({ voice }) => voice);
  const all = [...own, settings.voice, ...settings.newcomerVoices, ...chosen];
  return [...new Set(all)].filter(voice => voice !== null);
}

function latestFirst(voice: string, before: readonly string[], max: number): string[] {
  return [voice, ...before.filter(one => one !== voice)].slice(0, max);
}

/** Whether a text could be the id of a voice at Fish Audio, the part after `/m/` of its address. */
function isVoiceId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}
