import { HELP, readArgs } from './args.ts';
import { runOnce } from './run-once.ts';
import { runPage } from './run-page.ts';
import { runServers } from './run-servers.ts';

/**
 * `npm run sandbox`: the real bot, in a process of its own, with servers that run on this machine; or the servers
 * alone. See `args.ts`.
 */

/** (sysexits.h: the command was used incorrectly.) */
const EXIT_USAGE = 64;

/** 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;
/** With `npm run`, Ctrl-C arrives twice, from the terminal and from npm, so signals so close together count as one. */
const SAME_SIGNAL_MS = 500;

const task = readArgs(process.argv.slice(2));
/** SIGTERM and Ctrl-C end the servers and the bot in order; a second one ends at once. */
const ending = new AbortController();
let askedAt: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    const now = performance.now();
    askedAt ??= now;
    if (now - askedAt > SAME_SIGNAL_MS) process.exit(EXIT_INTERRUPTED);
    ending.abort();
  });

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
