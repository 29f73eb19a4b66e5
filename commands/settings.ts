import { group } from '../src/discord/interaction/command.ts';
import { settingsExport } from './settings-export.ts';
import { settingsImport } from './settings-import.ts';
import { settingsPanel } from './settings-panel.ts';

export const settings = group('settings', [settingsPanel, settingsExport, settingsImport], { admin: true });
