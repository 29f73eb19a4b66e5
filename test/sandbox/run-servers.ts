import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { botVariables } from './bot.ts';
import { removeFolder } from './folder.ts';
import { openBrowser } from './open-browser.ts';
import { type Page, startPage } from './page/page.ts';
import { prepare } from './page/prepare.ts';
import { exportLines } from './terminal.ts';
import { modelVariables, type Servers, startServers } from './world.ts';

/** `npm run sandbox -- --servers`: somebody starts a bot, the doctor or the setup against the servers by hand. */

/** The longest that a timer of Node can last: 24 days. */
const FOR_EVER_MS = 2 ** 31 - 1;
const LOOK_MS = 200;
/** A bot that has no connection to the gateway for so long has ended; a shorter time may be a reconnect. */
const GONE_AFTER_MS = 3_000;

/** Serves until the signal; returns the exit code. */
export async function runServers({ open }: { open: boolean }, signal: AbortSignal): Promise<number> {
  await using servers = await startServers();
  await using page = await startPage(servers);
  const data = mkdtempSync(join(tmpdir(), 'parrotfish-sandbox-'));
  try {
    console.log(instructions(servers, { page, data }));
    if (open) openBrowser(page.url);
    await servers.fish.warmUp();
    const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort');
    const attending = attend(servers, page, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    await Promise.race([aborted, attending]);
    console.log('Ending …');
    return 0;
  } finally {
    await removeFolder(data);
  }
}

function instructions(servers: Servers, { page, data }: { page: Page; data: string }): string {
  const { DISCORD_TOKEN = '', FISH_API_KEY = '', ...addresses } = botVariables(servers);
  const others = {
    ...addresses,
    ...modelVariables(servers.model),
    DATABASE_URL: `file:${data}/parrotfish.db`,
  };
  return `A Discord, a Fish Audio and a language model run on this machine, for this machine alone. Ctrl-C ends them.
In another terminal, in this folder, paste where they are, and who the bot is:

${exportLines(others)}

${exportLines({ DISCORD_TOKEN, FISH_API_KEY })}

There, "npm start" runs the bot and "npm run doctor" looks at it. "npm run setup" asks for the last two: leave them off
then, and note that it writes them into .env.

Write, and hear the bot, at

  ${page.url}
`;
}

/** Tells the terminal and the page when a bot comes and goes, until the signal. The first one is shown around. */
async function attend(servers: Servers, page: Page, signal: AbortSignal): Promise<void> {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    await servers.discord.ready(FOR_EVER_MS);
    if (isFirst) await prepare(servers).catch((error: Error) => console.log(`(${error.message})`));
    page.open();
    console.log('A bot is here: write something in the page.');
    await gone(servers, signal);
    page.noBot();
    console.log('The bot has gone.');
  }
}

async function gone({ discord }: Servers, signal: AbortSignal): Promise<void> {
  let seenAt = performance.now();
  while (performance.now() - seenAt < GONE_AFTER_MS) {
    if (discord.connections > 0) seenAt = performance.now();
    await sleep(LOOK_MS, undefined, { signal });
  }
}
