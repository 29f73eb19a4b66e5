import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { percentile } from '../../bench/figures.ts';
import { growthPerHour, residentMb, soakMs } from '../../support/soak.ts';
import { until } from '../../support/until.ts';
import { startWorld, type World } from '../world.ts';
import { noBrowser, startChromium } from './chromium.ts';
import { startPage } from './page.ts';
import { PageVisitor, WITHIN_MS } from './page-visitor.ts';
import { prepare } from './prepare.ts';

/** More messages than the page shows. */
const FULL = 350;
const SPEAKERS = ['Ana', 'Ben', 'Kenji'] as const;
/** The share of the time in which caches fill and code is compiled. */
const WARM_UP = 0.25;
const MOST_MB_AN_HOUR = 2;
/** By so much the page's heap goes up and down, and the sandbox's, which keeps what it noted for two minutes. */
const SPARE_MB = 5;
const SPARE_SANDBOX_MB = 15;
/** A process gives memory back when it likes. */
const SPARE_RESIDENT_MB = 40;
/** From the first packet of a line until its sound leaves the page. */
const BEGINS_WITHIN_MS = 150;
const MB = 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What the page and the sandbox hold, after the garbage was collected. */
interface Point {
  /** `performance.now()`, ms. */
  readonly at: number;
  readonly pageMb: number;
  /** Of the process that draws the page and decodes its sound. */
  readonly rendererMb: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly sandboxMb: number;
}

/** Measures a page and the process that this test runs in, which is the sandbox's too. */
async function meter(browser: Browser, { tab }: PageVisitor): Promise<() => Promise<Point>> {
  const inTab = await tab.context().newCDPSession(tab);
  const inBrowser = await browser.newBrowserCDPSession();
  await inTab.send('Performance.enable');
  return async () => {
    await inTab.send('HeapProfiler.collectGarbage');
    collectGarbage();
    const { metrics } = await inTab.send('Performance.getMetrics');
    const metric = (name: string) => metrics.find(one => one.name === name)?.value ?? Number.NaN;
    const { processInfo } = await inBrowser.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => residentMb(id));
    return {
      at: performance.now(),
      pageMb: metric('JSHeapUsedSize') / MB,
      rendererMb: Math.max(...renderers),
      nodes: metric('Nodes'),
      listeners: metric('JSEventListeners'),
      sandboxMb: process.memoryUsage().heapUsed / MB,
    };
  };
}

const USES = ['help', 'status', 'settings panel'] as const;

/** Fills the lists of the page with what will be in them later. */
async function fill({ discord, guild, ana, ben }: World): Promise<void> {
  for (let index = 0; index < FULL; index += USES.length + 1) {
    for (const name of USES) await discord.command(ana, guild, name).reply();
    discord.message(ben, guild.textChannel, `; ${index} **is** not read`);
  }
}

/** What became of the lines of one round. */
interface Talk {
  /** How long after its first packet each line sounds, ms. */
  readonly began: readonly number[];
  /** The texts of the timeline about each line that was not heard whole, as from one session. */
  readonly broken: readonly string[];
}

/** Three people write, and the bot is used. */
async function talk(visitor: PageVisitor, { discord, guild, ana }: World, round: number): Promise<Talk> {
  const wordsOf = (name: string) => `Number ${round} of ${name}, and that is all`;
  for (const name of SPEAKERS) {
    await visitor.as(name);
    await visitor.type(wordsOf(name));
  }
  await visitor.as('Ana');
  await visitor.type(`/${USES[round % USES.length]}`);
  discord.muteSelf(ana, guild, round % 2 === 0);
  const began: number[] = [];
  const broken: string[] = [];
  for (const name of SPEAKERS) {
    const line = await visitor.over(wordsOf(name)).catch(() => null);
    if (line === null) {
      const texts = await visitor.lines.filter({ hasText: wordsOf(name) }).allTextContents();
      broken.push(`${wordsOf(name)}: ${texts.join(' and ')}`);
      continue;
    }
    const text = (await line.textContent()) ?? '';
    const packets = Number(/(\d+) of \1 packets heard, byte for byte/u.exec(text)?.[1]);
    if (Number.isNaN(packets)) throw new Error(`not heard whole: ${text}`);
    await until('all of it in the page', async () => {
      return Number(await line.getAttribute('data-played')) === packets;
    });
    began.push(Number(await line.getAttribute('data-began-after')));
  }
  return { began, broken };
}

test.skipIf(noBrowser)(
  'an hour of talk: the page stays as large as it is, and sound begins at once',
  async () => {
    await using world = await startWorld();
    await using page = await startPage(world);
    await using browser = await startChromium();
    const visitor = await PageVisitor.open(browser, page.url);
    await world.discord.ready(WITHIN_MS);
    await prepare(world);
    await world.discord.join(world.kenji, world.guild.voiceChannel);
    page.open();
    await fill(world);
    const measure = await meter(browser, visitor);
    const points: Point[] = [];
    const began: number[] = [];
    const broken: string[] = [];
    const end = performance.now() + soakMs();
    for (let round = 1; performance.now() < end; round += 1) {
      const talked = await talk(visitor, world, round);
      began.push(...talked.began);
      broken.push(...talked.broken);
      points.push(await measure());
      if (round % 20 === 0) console.log(JSON.stringify(points.at(-1)));
    }
    const warm = points.slice(Math.floor(points.length * WARM_UP));
    const growth = (of: (point: Point) => number) =>
      growthPerHour(warm.map(point => ({ at: point.at, value: of(point) })));
    const grown = {
      page: growth(({ pageMb }) => pageMb),
      renderer: growth(({ rendererMb }) => rendererMb),
      sandbox: growth(({ sandboxMb }) => sandboxMb),
      nodes: growth(({ nodes }) => nodes),
    };
    if (broken.length > 0) console.log(`not whole:\n${broken.join('\n')}\nthe bot:\n${world.bot.output}`);
    console.log(
      `${points.length} rounds, ${began.length} lines; sound begins after p50 ${percentile(began, 50)}, ` +
        `p99 ${percentile(began, 99)} ms; growth an hour: ${JSON.stringify(grown)}\n` +
        `${JSON.stringify(warm[0])} at first, ${JSON.stringify(points.at(-1))} in the end`,
    );
    const hours = soakMs() / 3_600_000;
    const most = MOST_MB_AN_HOUR * hours;
    expect(grown.page * hours).toBeLessThan(most + SPARE_MB);
    expect(grown.sandbox * hours).toBeLessThan(most + SPARE_SANDBOX_MB);
    expect(grown.renderer * hours).toBeLessThan(SPARE_RESIDENT_MB);
    expect(percentile(began, 50)).toBeLessThan(BEGINS_WITHIN_MS);
    expect(broken).toEqual([]);
    expect(visitor.troubles).toEqual([]);
  },
);
