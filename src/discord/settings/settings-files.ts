import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import type { GuildRecord, Store } from '../../store/store.ts';
import type { VoiceLibrary } from '../../voices/library.ts';
import type { GuildTurns } from '../guild-turns.ts';
import type { Answer, ComponentOwner } from '../interaction/answer.ts';
import type { Attachments } from '../interaction/attachments.ts';
import { button, buttonRow } from '../interaction/buttons.ts';
import type { AnyInteraction, ComponentInteraction } from '../interaction/interaction.ts';
import { listed } from '../interaction/texts.ts';
import { knownGuild } from '../known-guild.ts';
import { learnNames, panelWords } from '../panel/panel-words.ts';
import { readsHistoryOfId, type Viewer } from '../seeing.ts';
import type { Cloning } from '../voices/cloning.ts';
import { addedVoices, checkVoices } from '../voices/voice-check.ts';
import { settingsFile } from './file-format.ts';
import { changesInWords, listOfChanges } from './import-report.ts';
import { isSame, undone, undoOf } from './import-undo.ts';
import { MAX_FILE_BYTES } from './json-file.ts';

// Carries out `/settings export` and `/settings import`, and answers the button that undoes an import. `file-format.ts`
// has the format of the file, `import-report.ts` puts the changes into words, and `import-undo.ts` knows how to undo
// them.

type Attachment = Parameters<Attachments['fetch']>[0];

export interface SettingsFilesOptions {
  readonly attachments: Attachments;
  readonly store: Pick<Store, 'guild' | 'lastImport' | 'problem' | 'replaceGuild'>;
  readonly turns: GuildTurns;
  readonly library: Pick<VoiceLibrary, 'get' | 'isProven' | 'lookUp'>;
  readonly cloning: Pick<Cloning, 'checkForAll'>;
  /** The price of speech, in US dollars for a million bytes. */
  readonly usdPerMillionBytes: number;
  /** The present time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** The custom ids of buttons begin with this. Behind it stands the time of the import. */
const PREFIX = 'undo';

/** Either all of a file is taken over, or nothing. For a day an import can be undone, also after a restart. */
export class SettingsFiles implements ComponentOwner {
  readonly name = 'undo of an import';
  readonly admin = true;
  readonly #options: SettingsFilesOptions;

  constructor(options: SettingsFilesOptions) {
    this.#options = options;
  }

  /**
   * Resolves with a JSON file of all settings and the dictionary. Rejects with a UserError while the database cannot
   * be asked.
   */
  async exportFile(interaction: AnyInteraction): Promise<Buffer> {
    return settingsFile.write(await knownGuild(this.#options.store, interaction.guildId));
  }

  /** Whether a button with this custom id belongs to an answer to an import. */
  owns(customId: string): boolean {
    return customId.startsWith(`${PREFIX}:`);
  }

  /**
   * Takes over the settings that a file has. Resolves with each change in words, with a button that undoes all of them,
   * and with the ids of the voices about which Fish Audio could not be asked. Rejects with a UserError when the file
   * cannot be used; nothing has changed then.
   */
  async importFile(interaction: AnyInteraction, file: Attachment, t: Translate): Promise<Answer> {
    const { attachments, store, turns, library, cloning, now = Date.now } = this.#options;
    const bytes = await attachments.fetch(file, MAX_FILE_BYTES);
    return await turns.take(interaction.guildId, async () => {
      const before = await knownGuild(store, interaction.guildId);
      const after = settingsFile.read(bytes, before);
      const unseen = unseenChannelAdded(before.settings, after.settings, interaction);
      if (unseen) throw new UserError('file.channel', { id: unseen });
      for (const { id, where } of addedVoices(before.settings, after.settings))
        cloning.checkForAll(id, new UserError('file.own-voice', { voice: id, where }));
      const { unknown, unchecked } = await checkVoices(library, before.settings, after.settings);
      if (unknown[0])
        throw new UserError('file.unknown-voice', { voice: unknown[0].id, where: unknown[0].where });
      if (isSame(before, after)) return t('settings.import-same');
      const changes = await this.#changes(interaction, before, after, t);
      const at = now();
      const undo = undoOf(before, after, at);
      await store.replaceGuild(interaction.guildId, { ...after, by: interaction.user.id, undo });
      const voices = [...new Set(unchecked.map(({ id }) => id))];
      const text = [
        t('settings.imported', { count: changes.length }),
        listOfChanges(changes, t),
        ...(voices.length > 0 ? [t('voice.unchecked', { voices: listed(voices) })] : []),
      ].join('\n');
      return { text, rows: [buttonRow(button(`${PREFIX}:${at}`, t('settings.undo')))] };
    });
  }

  /** Undoes an import. Rejects with a UserError when that is not possible any more; nothing has changed then. */
  async answer(interaction: ComponentInteraction, t: Translate): Promise<Answer> {
    const { store, turns, now = Date.now } = this.#options;
    const [, at] = interaction.customId.split(':');
    return await turns.take(interaction.guildId, async () => {
      const current = await knownGuild(store, interaction.guildId);
      const last = await store.lastImport(interaction.guildId);
      const before = undone(last, current, Number(at), now());
      const changes = await this.#changes(interaction, current, before, t);
      // Who added the words that come back was not kept, since a person's data has to be deletable.
      await store.replaceGuild(interaction.guildId, { ...before, undo: null });
      return { text: `${t('settings.undone')}\n${listOfChanges(changes, t)}`, rows: [] };
    });
  }

  async #changes(
    interaction: AnyInteraction,
    before: Pick<GuildRecord, 'settings' | 'words'>,
    after: Pick<GuildRecord, 'settings' | 'words'>,
    t: Translate,
  ): Promise<readonly string[]> {
    await learnNames(before.settings, this.#options);
    await learnNames(after.settings, this.#options);
    return changesInWords(before, after, panelWords(interaction, this.#options, t));
  }
}

/**
 * Returns the id of a channel that the file adds although the person who imports it cannot read that channel, or it
 * is no channel of this guild; undefined when there is none. Channels that were in the settings before may stay.
 */
function unseenChannelAdded(
  { channels: before }: GuildSettings,
  { channels }: GuildSettings,
  viewer: Viewer,
): string | undefined {
  const added = channels.filter(({ id, addedBy }) =>
    before.every(channel => channel.id !== id || (addedBy === 'admin' && channel.addedBy !== 'admin')),
  );
  return added.find(({ id }) => !readsHistoryOfId(viewer, id))?.id;
}
