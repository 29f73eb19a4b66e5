import type { Command } from '../src/discord/interaction/command.ts';
import { ask } from './ask.ts';
import { dictionary } from './dictionary.ts';
import { follow } from './follow.ts';
import { help } from './help.ts';
import { ignore } from './ignore.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { name } from './name.ts';
import { optin } from './optin.ts';
import { optout } from './optout.ts';
import { pause } from './pause.ts';
import { privacy } from './privacy.ts';
import { queue } from './queue.ts';
import { readAloud } from './read-aloud.ts';
import { resume } from './resume.ts';
import { saveAsAudio } from './save-as-audio.ts';
import { say } from './say.ts';
import { settings } from './settings.ts';
import { skip } from './skip.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';
import { unignore } from './unignore.ts';
import { usage } from './usage.ts';
import { voice } from './voice.ts';
import { voicemessage } from './voicemessage.ts';
import { why } from './why.ts';
import { whyNotRead } from './why-not-read.ts';

// Lists all commands; each has a file of its own, which says what it does. The descriptions that people read at Discord
// are in the catalogues `src/locale/*.json`, under `command.<name>`.

/** All slash commands and menu entries of the bot, in the order in which `/help` lists them. */
export const commands: readonly Command[] = [
  say,
  join,
  leave,
  follow,
  skip,
  stop,
  pause,
  resume,
  queue,
  voice,
  name,
  voicemessage,
  ask,
  dictionary,
  why,
  optout,
  optin,
  ignore,
  unignore,
  settings,
  usage,
  status,
  privacy,
  help,
  readAloud,
  saveAsAudio,
  whyNotRead,
];
