import { group } from '../src/discord/interaction/command.ts';
import { voiceClone } from './voice-clone.ts';
import { voiceFavourite } from './voice-favourite.ts';
import { voiceForget } from './voice-forget.ts';
import { voicePreview } from './voice-preview.ts';
import { voiceReset } from './voice-reset.ts';
import { voiceSearch } from './voice-search.ts';
import { voiceServer } from './voice-server.ts';
import { voiceSet } from './voice-set.ts';
import { voiceShow } from './voice-show.ts';
import { voiceUndo } from './voice-undo.ts';

/** `/voice` holds the subcommands by which people choose, hear and make voices. */
export const voice = group('voice', [
  voiceSet,
  voiceServer,
  voiceShow,
  voiceReset,
  voiceUndo,
  voiceFavourite,
  voicePreview,
  voiceSearch,
  voiceClone,
  voiceForget,
]);
