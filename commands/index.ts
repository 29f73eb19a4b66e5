import type { Command } from '../src/discord/command.ts';
import { help } from './help.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { pause } from './pause.ts';
import { queue } from './queue.ts';
import { resume } from './resume.ts';
import { say } from './say.ts';
import { skip } from './skip.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';

/** The bot's menu, in the order of `/help`. */
export const commands: readonly Command[] = [
  say,
  join,
  leave,
  skip,
  stop,
  pause,
  resume,
  queue,
  status,
  help,
];
