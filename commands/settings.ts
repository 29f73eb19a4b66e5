import { group } from '../src/discord/interaction/command.ts';
import { settingsExport } from './settings-export.ts';
import { settingsImport } from './settings-import.ts';
import { settingsPanel } from './settings-panel.ts';

/** `/settings` holds the subcommands by which people who may manage the guild see and change its settings. */
export const settings = group('settings', [settingsPanel, settingsExport, settingsImport], { admin: true });
