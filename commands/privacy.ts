import { group } from '../src/discord/interaction/command.ts';
import { privacyDelete } from './privacy-delete.ts';
import { privacyExport } from './privacy-export.ts';

/** `/privacy` holds the subcommands by which people see and delete what the bot keeps of them. */
export const privacy = group('privacy', [privacyExport, privacyDelete]);
