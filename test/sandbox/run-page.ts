import { once } from 'node:events';
import { openBrowser } from './open-browser.ts';
import { startPage } from './page/page.ts';
import { prepare } from './page/prepare.ts';
import { waiting } from './terminal.ts';
import { startWorld } from './world.ts';

const READY_WITHIN_MS = 60_000;

/** `npm run sandbox -- --page`: serves the page until the signal; returns the exit code. */
export async function runPage({ open }: { open: boolean }, signal: AbortSignal): Promise<number> {
  await using world = await startWorld();
  await using page = await startPage(world);
  console.log(`The sandbox is at\n\n  ${page.url}\n\non this machine alone. Ctrl-C ends it.\n`);
  if (open) openBrowser(page.url);
  const { discord, bot } = world;
  const ended = bot.exited.then(() => 'ended' as const);
  const aborted = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  try {
    await Promise.race([waiting('the bot starts', discord.ready(READY_WITHIN_MS)), aborted]);
    if (!signal.aborted) await Promise.race([prepare(world), aborted]);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(`The bot did not start (${error.message}):\n${bot.output}`);
    return 1;
  }
  page.open();
  if (!signal.aborted) console.log('The bot is ready: write something in the page.');
  const how = await Promise.race([aborted, ended]);
  if (how === 'ended' && !signal.aborted) {
    console.error(`The bot has ended by itself:\n${bot.output}`);
    return 1;
  }
  console.log('Ending …');
  await bot.stop();
  return 0;
}
