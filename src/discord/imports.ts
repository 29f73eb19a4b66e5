import { UserError } from '../errors.ts';
import type { ServerSettings } from '../settings.ts';
import type { Store } from '../store/store.ts';
import type { Attachments } from './attachments.ts';
import type { AnyUse } from './context.ts';
import { dictionaryFile, settingsFile } from './files.ts';
import type { GuildTurns } from './guild-turns.ts';
import { MAX_FILE_BYTES } from './json-file.ts';
import { knownServer } from './known-server.ts';
import { readsHistoryOfId, type Viewer } from './seeing.ts';

type Attachment = Parameters<Attachments['fetch']>[0];

export interface ImportsOptions {
  readonly attachments: Attachments;
  readonly store: Pick<Store, 'server' | 'problem' | 'replaceServer' | 'saveWords'>;
  readonly turns: GuildTurns;
}

/** What people bring in as files: all of a file is taken, or nothing of it. */
export class Imports {
  readonly #options: ImportsOptions;

  constructor(options: ImportsOptions) {
    this.#options = options;
  }

  /** Replaces the settings that the file has. Throws a UserError, and has then changed nothing. */
  async settings(use: AnyUse, file: Attachment): Promise<{ channels: number; words: number }> {
    const { attachments, store, turns } = this.#options;
    const bytes = await attachments.fetch(file, MAX_FILE_BYTES);
    return await turns.take(use.guildId, async () => {
      const current = await knownServer(store, use.guildId);
      const { settings, words } = settingsFile.read(bytes, current);
      const unseen = channelsUnseen(current.settings, settings, use);
      if (unseen) throw new UserError('file.channel', { id: unseen });
      await store.replaceServer(use.guildId, { settings, words });
      return { channels: settings.channels.length, words: words.size };
    });
  }

  /** Replaces the dictionary; resolves with how many words it has. Throws a UserError, and has then changed nothing. */
  async dictionary(use: AnyUse, file: Attachment): Promise<number> {
    const { attachments, store, turns } = this.#options;
    const words = dictionaryFile.read(await attachments.fetch(file, MAX_FILE_BYTES));
    await turns.take(use.guildId, () => store.saveWords(use.guildId, words));
    return words.size;
  }
}

/**
 * The id of a channel that would be read by an administrator's word from now on, although it is none of this server that
 * they can read themselves; undefined: there is none. What stood in the settings before may stay.
 */
function channelsUnseen(
  { channels: before }: ServerSettings,
  { channels }: ServerSettings,
  viewer: Viewer,
): string | undefined {
  const added = channels.filter(({ id, addedBy }) =>
    before.every(channel => channel.id !== id || (addedBy === 'admin' && channel.addedBy !== 'admin')),
  );
  return added.find(({ id }) => !readsHistoryOfId(viewer, id))?.id;
}
