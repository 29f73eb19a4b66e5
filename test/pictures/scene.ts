import type { Locator } from 'playwright-core';
import { writeOggOpus } from '../sandbox/fish/ogg-writer.ts';
import { startChromium } from '../sandbox/page/chromium.ts';
import { startPage } from '../sandbox/page/page.ts';
import { prepare } from '../sandbox/page/prepare.ts';
import { startWorld } from '../sandbox/world.ts';
import { until } from '../support/until.ts';
import { lookAt, type Picture } from './camera.ts';
import { EarlierDays } from './earlier-days.ts';

const READY_WITHIN_MS = 60_000;
/** On a busy machine, speech and answers may take long. */
const WITHIN_MS = 60_000;

/** What the people of the scene write. */
const CONVERSATION = [
  ['Ana', 'Good evening! I lost my voice, so I type today.'],
  ['Ben', 'No problem, I can hear you.'],
  ['Ana', 'Look 😀 https://wikipedia.org'],
  ['Ben', 'Parrotfish make sand, did you know?'],
] as const;
/** So many lines are in the file with the sound. */
const LINES_IN_SOUND = 2;
/** The line of the picture of a timeline. */
const TIMELINE_OF = 2;
/** So much of the last line has been heard when the page's picture is taken: 50 packets a second. */
const HEARD_IN_PICTURE = 60;

/** The pictures of the scene, each light and dark, and its sound as an Ogg file; by the name of the file. */
export type Pictures = ReadonlyMap<string, Buffer>;

/**
 * Plays a short evening in the sandbox's page, with the real bot and in a real browser, and takes the pictures and the
 * sound that the README shows. It takes about half a minute.
 */
export async function playScene(): Promise<Pictures> {
  await using past = new EarlierDays();
  await using world = await startWorld({ DATABASE_URL: past.url });
  await using page = await startPage(world);
  await using browser = await startChromium();
  const wide = await lookAt(browser, page.url, { width: 1180, height: 634, zoom: 1 });
  const near = await lookAt(browser, page.url, { width: 1280, height: 1200, zoom: 1.25 });
  const { discord, guild } = world;
  await discord.ready(READY_WITHIN_MS);
  past.write(world);
  const listener = await discord.join(world.kenji, guild.voiceChannel);
  await prepare(world);
  page.open();

  const taken = new Map<string, Buffer>();
  const keep = (name: string, pictures: readonly Picture[]) => {
    for (const { scheme, png } of pictures) taken.set(`${name}-${scheme}.png`, png);
  };
  const line = wide.newestLine();
  for (const [index, [who, words]] of CONVERSATION.entries()) {
    await wide.as(who);
    await wide.write(words);
    for (const camera of [wide, near])
      await until('a line', async () => (await camera.lines()) > index, WITHIN_MS);
    if (index === CONVERSATION.length - 1) {
      await until('sound of the last line', () => soundIn(line), WITHIN_MS);
      keep('page', await wide.whole());
    }
    for (const camera of [wide, near])
      await until('the end of a line', () => isOver(camera.newestLine()), WITHIN_MS);
    if (index === LINES_IN_SOUND - 1)
      taken.set('hello.ogg', writeOggOpus(listener.heard.map(({ opus }) => opus)));
    if (index === TIMELINE_OF) keep('timeline', await near.only(near.newestLine()));
  }

  await near.as('Ana');
  await near.write('/settings panel');
  const panel = near.answer('/settings panel');
  await panel.getByRole('combobox').first().selectOption({ label: 'Voice' });
  await panel.getByText('How I sound.').waitFor();
  keep('settings', await near.only(panel));

  await near.write('/usage');
  const usage = near.answer('/usage');
  await usage.locator('img').waitFor();
  keep('usage', await near.only(usage));
  return taken;
}

async function isOver(line: Locator): Promise<boolean> {
  return (await line.getAttribute('data-over')) !== null;
}

/** Whether a good part of the line can be seen in its waveform. */
async function soundIn(line: Locator): Promise<boolean> {
  const drawn = await line.locator('path.wave').getAttribute('d');
  return (drawn?.match(/M/gu)?.length ?? 0) > HEARD_IN_PICTURE;
}
