import { UserError } from '../../errors.ts';
import type { VoiceLibrary } from '../../voices/library.ts';
import type { GuildSettings } from '../../settings.ts';
import type { Store } from '../../store/store.ts';
import type { Attachments } from '../interaction/attachments.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import { settingsFile } from './files.ts';
import type { GuildTurns } from '../guild-turns.ts';
import { MAX_FILE_BYTES } from './json-file.ts';
import { knownGuild } from '../known-guild.ts';
import { readsHistoryOfId, type Viewer } from '../seeing.ts';
import { checkVoices } from '../voices/voice-check.ts';

type Attachment = Parameters<Attachments['fetch']>[0];

export interface SettingsFilesOptions {
  readonly attachments: Attachments;
  readonly store: Pick<Store, 'guild' | 'problem' | 'replaceGuild'>;
  readonly turns: GuildTurns;
  readonly library: Pick<VoiceLibrary, 'isProven' | 'lookUp'>;
}

/** Exports a guild's settings as a file, and imports such a file: either all of it is taken over, or nothing. */
export class SettingsFiles {
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

  /**
   * Takes over the settings that a file has. Resolves with how many channels and words there are now, and with the
   * ids of the voices about which Fish Audio could not be asked. Rejects with a UserError when the file cannot be
   * used; nothing has changed then.
   */
  async importFile(
    interaction: AnyInteraction,
    file: Attachment,
  ): Promise<{ channels: number; words: number; unchecked: readonly string[] }> {
    const { attachments, store, turns, library } = this.#options;
    const bytes = await attachments.fetch(file, MAX_FILE_BYTES);
    return await turns.take(interaction.guildId, async () => {
      const current = await knownGuild(store, interaction.guildId);
      const { settings, words } = settingsFile.read(bytes, current);
      const unseen = unseenChannelAdded(current.settings, settings, interaction);
      if (unseen) throw new UserError('file.channel', { id: unseen });
      const { unknown, unchecked } = await checkVoices(library, current.settings, settings);
      if (unknown[0])
        throw new UserError('file.unknown-voice', { voice: unknown[0].id, where: unknown[0].where });
      await store.replaceGuild(interaction.guildId, { settings, words, by: interaction.user.id });
      const ids = [...new Set(unchecked.map(({ id }) => id))];
      return { channels: settings.channels.length, words: words.size, unchecked: ids };
    });
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
