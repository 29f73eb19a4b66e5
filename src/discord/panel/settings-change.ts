import type { GuildSettings } from '../../settings/guild.ts';
import type { Store } from '../../store/store.ts';
import type { GuildTurns } from '../guild-turns.ts';
import { knownGuild } from '../known-guild.ts';

// Saves changes that people make in the settings panel: it reads the settings that hold and saves the changed ones, and
// no other change of the same guild comes in between.

/**
 * Changes a guild's settings by what `change` returns for the settings that hold. Rejects with what `change` throws,
 * and with a UserError while the database cannot be asked.
 */
export type SettingsChange = (
  guildId: string,
  change: (settings: GuildSettings) => Partial<GuildSettings>,
) => Promise<void>;

/** Returns the function by which the settings are changed. */
export function settingsChange(
  store: Pick<Store, 'guild' | 'problem' | 'saveSettings'>,
  turns: GuildTurns,
): SettingsChange {
  return (guildId, change) =>
    turns.take(guildId, async () => {
      const { settings } = await knownGuild(store, guildId);
      const changed = change(settings);
      if (Object.keys(changed).length > 0) await store.saveSettings(guildId, changed);
    });
}
