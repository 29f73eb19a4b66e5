import { group } from '../src/discord/interaction/command.ts';
import { privacyDelete } from './privacy-delete.ts';
import { privacyExport } from './privacy-export.ts';

export const privacy = group('privacy', [privacyExport, privacyDelete]);
