import { PermissionFlagsBits } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import { holdsBlockedWord } from '../../text/blocked-words.ts';
import type { GuildTurns } from '../guild-turns.ts';
import type { Attachments } from '../interaction/attachments.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { knownGuild } from '../known-guild.ts';
import { dictionaryFile } from './file-format.ts';
import { MAX_FILE_BYTES } from './json-file.ts';

// Carries out `/dictionary add`, `remove`, `import` and `export`: it changes the guild's dictionary, which says how
// words are pronounced, and checks who may do so. `file-format.ts` has the format of the files, and `word-list.ts`
// shows the words.

export interface DictionaryChangesOptions {
  readonly attachments: Attachments;
  readonly store: Pick<Store, 'guild' | 'problem' | 'saveWords'>;
  readonly turns: GuildTurns;
}

type Words = GuildRecord['words'];

/** Changes a guild's dictionary for the people whom the setting `dictionaryBy` allows to do so. */
export class DictionaryChanges {
  readonly #options: DictionaryChangesOptions;

  constructor(options: DictionaryChangesOptions) {
    this.#options = options;
  }

  /**
   * Has `say` said for `word` from now on, whether it is written in upper or lower case. Rejects with a UserError
   * when the caller may not change the dictionary, the entry is not possible, or the database cannot be asked.
   */
  add(interaction: AnyInteraction, word: string, say: string): Promise<void> {
    return this.#change(interaction, before => {
      const words = new Map(before);
      for (const known of sameAs(word, before)) words.delete(known);
      words.set(word, say);
      dictionaryFile.check(words);
      return words;
    });
  }

  /** Resolves with the dictionary as a JSON file. Rejects with a UserError while the database cannot be asked. */
  async exportFile(interaction: AnyInteraction): Promise<Buffer> {
    return dictionaryFile.write((await knownGuild(this.#options.store, interaction.guildId)).words);
  }

  /**
   * Removes a word. Resolves with whether it was in the dictionary. Rejects with a UserError when the caller may not
   * change the dictionary, or the database cannot be asked.
   */
  async remove(interaction: AnyInteraction, word: string): Promise<boolean> {
    let found = false;
    await this.#change(interaction, before => {
      const words = new Map(before);
      for (const known of sameAs(word, before)) found = words.delete(known);
      return words;
    });
    return found;
  }

  /**
   * Replaces the whole dictionary by a file. Resolves with the number of words in it. Rejects with a UserError when
   * the caller may not do that, or the file cannot be used; nothing has changed then.
   */
  async importFile(interaction: AnyInteraction, file: Parameters<Attachments['fetch']>[0]): Promise<number> {
    const { attachments, store } = this.#options;
    checkMayReplace(interaction, (await knownGuild(store, interaction.guildId)).settings);
    const words = dictionaryFile.read(await attachments.fetch(file, MAX_FILE_BYTES));
    await this.#change(interaction, (_before, settings) => {
      checkMayReplace(interaction, settings);
      return words;
    });
    return words.size;
  }

  #change(
    interaction: AnyInteraction,
    change: (before: Words, settings: GuildSettings) => Words,
  ): Promise<void> {
    const { store, turns } = this.#options;
    return turns.take(interaction.guildId, async () => {
      const { words, settings } = await knownGuild(store, interaction.guildId);
      checkMayChange(interaction, settings);
      const changed = change(words, settings);
      checkNotBlocked(words, changed, settings);
      await store.saveWords(interaction.guildId, changed, interaction.user.id);
    });
  }
}

/** Yields the words of a dictionary that differ from `word` at most in upper and lower case. */
function* sameAs(word: string, words: Words): Iterable<string> {
  for (const known of words.keys()) if (known.toLowerCase() === word.toLowerCase()) yield known;
}

/** Throws a UserError when what is new in a dictionary would have a blocked word said. */
function checkNotBlocked(before: Words, after: Words, { blockedWords }: GuildSettings): void {
  const isRefused = [...after].some(
    ([word, say]) => before.get(word) !== say && holdsBlockedWord(say, blockedWords),
  );
  if (isRefused) throw new UserError('why.blocked-word');
}

function isManager({ memberPermissions }: AnyInteraction): boolean {
  return memberPermissions.has(PermissionFlagsBits.ManageGuild);
}

/** Whether the caller may add and remove words. */
export function mayChange(interaction: AnyInteraction, { dictionaryBy }: GuildSettings): boolean {
  return (
    dictionaryBy === 'everyone' || isManager(interaction) || interaction.member.roles.cache.has(dictionaryBy)
  );
}

/** Throws a UserError unless the caller may add words to the dictionary and remove some. */
export function checkMayChange(interaction: AnyInteraction, settings: GuildSettings): void {
  if (mayChange(interaction, settings)) return;
  const { dictionaryBy } = settings;
  if (dictionaryBy === 'managers') throw new UserError('dictionary.managers-only');
  throw new UserError('dictionary.role-only', { role: `<@&${dictionaryBy}>` });
}

/**
 * Throws a UserError unless the caller may replace the whole dictionary. Where everybody may add words, only those who
 * manage the guild may throw away the words of all others.
 */
export function checkMayReplace(interaction: AnyInteraction, settings: GuildSettings): void {
  if (settings.dictionaryBy === 'everyone' && !isManager(interaction)) throw new UserError('admins-only');
  checkMayChange(interaction, settings);
}
