import { HELP, readArgs } from './args.ts';
import { runOnce } from './run-once.ts';
import { runPage } from './run-page.ts';
import { runServers } from './run-servers.ts';

/**
 * `npm run sandbox`: the real bot, in a process of its own, with servers that run on this machine; or the servers alone.
 * See `args.ts`.
 */

/** (sysexits.h: the command was used incorrectly.) */
const EXIT_USAGE = 64;

const task = readArgs(process.argv.slice(2));
/** SIGTERM and Ctrl-C end the servers and the bot in order; a second one ends at once. */
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort());

switch (task.kind) {
  case 'help':
    process.stdout.write(HELP);
    break;
  case 'wrong':
    console.error(`${task.why}. --help shows how it is used.`);
    process.exitCode = EXIT_USAGE;
    break;
  case 'page':
    process.exitCode = await runPage(task, ending.signal);
    break;
  case 'servers':
    process.exitCode = await runServers(task, ending.signal);
    break;
  case 'say':
  case 'ask':
    process.exitCode = await runOnce(task, ending.signal);
    break;
}
