import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import { noOwnManner, type OwnManner } from '../../settings/manner.ts';
import { MAX_CHOSEN, MAX_FAVOURITES, personDefaults } from '../../settings/person.ts';
import type { Store } from '../../store/store.ts';
import type { VoiceLibrary } from '../../voices/library.ts';
import { foldForSearch } from '../../voices/words.ts';
import { settingsPlace } from '../channel-settings.ts';
import type { GuildTurns } from '../guild-turns.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { plain } from '../interaction/texts.ts';
import { knownGuild } from '../known-guild.ts';
import type { CallerLines } from '../lines/caller-lines.ts';
import { type Chooser, latestFirst, type VoiceChoice } from './choice.ts';
import { sheetOf } from './voice-sheet.ts';

// Saves what people choose for themselves in a guild, with the subcommands of `/voice` and the buttons of a search:
// their voice and how it speaks, and their favourites. `voice-sheet.ts` puts it into words.

export interface OwnVoicesOptions {
  readonly store: Pick<Store, 'guild' | 'problem' | 'savePerson'>;
  readonly turns: GuildTurns;
  readonly library: Pick<VoiceLibrary, 'nameOf'>;
  readonly voices: Pick<VoiceChoice, 'checkedId' | 'nameOf'>;
  readonly callerLines: Pick<CallerLines, 'mannerOf' | 'spokenName'>;
}

/** All methods reject with a UserError while the database cannot be asked. */
export class OwnVoices {
  readonly #options: OwnVoicesOptions;

  constructor(options: OwnVoicesOptions) {
    this.#options = options;
  }

  /** Saves a voice as somebody's own, together with how it speaks (`more`). */
  async take({ guildId, user }: Chooser, voice: string, more: Partial<OwnManner> = {}): Promise<void> {
    const { store, turns } = this.#options;
    await turns.take(guildId, async () => {
      const { chosen } = await this.#person({ guildId, user });
      const latest = latestFirst(voice, chosen, MAX_CHOSEN);
      await store.savePerson(guildId, user.id, { voice, chosen: latest, ...more });
    });
  }

  /** Gives up somebody's voice and how it speaks. */
  async reset({ guildId, user }: Who): Promise<void> {
    await this.#options.store.savePerson(guildId, user.id, noOwnManner);
  }

  /**
   * Goes back to the voice, and how it spoke, before the last change; used once more, it takes that back. Throws a
   * UserError when nothing was changed.
   */
  async undo({ guildId, user }: Who): Promise<void> {
    const { store, turns } = this.#options;
    await turns.take(guildId, async () => {
      const { before } = await this.#person({ guildId, user });
      if (!before) throw new UserError('voice.nothing-to-undo');
      await store.savePerson(guildId, user.id, before);
    });
  }

  /**
   * Makes the voice that somebody means by a text one of their favourites, or no longer if it was one. Resolves with
   * the voice's id, whether it is `marked` as a favourite now, and how many they have then. Throws a UserError when
   * they have too many, or may not use that voice, or it does not exist. Marks are taken away from any voice.
   */
  async toggleFavourite(
    chooser: Chooser,
    given: string,
  ): Promise<{ readonly voice: string; readonly marked: boolean; readonly count: number }> {
    const { library, store, turns, voices } = this.#options;
    const typed = foldForSearch(given.trim());
    const marked = (await this.#person(chooser)).favourites.find(
      id => id === given.trim() || foldForSearch(library.nameOf(id)) === typed,
    );
    const voice = marked ?? (await voices.checkedId(chooser, given));
    return await turns.take(chooser.guildId, async () => {
      const { favourites: old } = await this.#person(chooser);
      const wasMarked = old.includes(voice);
      if (!wasMarked && old.length >= MAX_FAVOURITES)
        throw new UserError('voice.favourites-full', { limit: MAX_FAVOURITES });
      const favourites = wasMarked ? old.filter(one => one !== voice) : [voice, ...old];
      await store.savePerson(chooser.guildId, chooser.user.id, { favourites });
      return { voice, marked: !wasMarked, count: favourites.length };
    });
  }

  /** Tells how the caller's words are said in the channel of the interaction: see `sheetOf`. */
  async sheet(interaction: AnyInteraction, t: Translate): Promise<string> {
    const { callerLines, store, voices } = this.#options;
    const { settings, people } = await knownGuild(store, interaction.guildId);
    const manner = await callerLines.mannerOf(interaction);
    const place = settingsPlace(interaction.guild, settings, interaction.channelId ?? '');
    const person = people.get(interaction.user.id) ?? personDefaults;
    const facts = {
      person,
      settings,
      channel: settings.channels.find(({ id }) => id === place),
      manner,
      voiceName: manner.voice === undefined ? undefined : await voices.nameOf(manner.voice),
      spokenName: plain(await callerLines.spokenName(interaction, interaction.member)),
      favourites: await Promise.all(person.favourites.map(voice => voices.nameOf(voice))),
    };
    return sheetOf(facts, t);
  }

  async #person({ guildId, user }: Who) {
    return (await knownGuild(this.#options.store, guildId)).people.get(user.id) ?? personDefaults;
  }
}

type Who = Pick<Chooser, 'guildId' | 'user'>;
