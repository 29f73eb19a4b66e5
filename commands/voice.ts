import { group } from '../src/discord/command.ts';
import { voiceReset } from './voice-reset.ts';
import { voiceServer } from './voice-server.ts';
import { voiceSet } from './voice-set.ts';
import { voiceShow } from './voice-show.ts';

export const voice = group('voice', [voiceSet, voiceServer, voiceShow, voiceReset]);
