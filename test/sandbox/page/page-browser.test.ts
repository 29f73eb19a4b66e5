import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Locator, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { startWorld, type World } from '../world.ts';
import { noBrowser, startChromium } from './chromium.ts';
import { type Page, startPage } from './page.ts';
import { prepare } from './prepare.ts';

/** The page in a real browser, as a newcomer uses it. One test goes on where the one before it ended. */

const WITHIN_MS = 60_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

if (noBrowser) console.warn(`The page is not tried in a browser: ${noBrowser}.`);

describe.skipIf(noBrowser)('in a browser', () => {
  let world: World;
  let page: Page;
  let browser: Browser;
  let tab: Tab;
  const troubles: string[] = [];

  beforeAll(async () => {
    world = await startWorld();
    page = await startPage(world);
    browser = await startChromium();
    tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    tab.setDefaultTimeout(WITHIN_MS);
    tab.on('pageerror', error => troubles.push(String(error)));
    tab.on('console', said => said.type() === 'error' && troubles.push(said.text()));
    await tab.goto(page.url);
    await world.discord.ready(WITHIN_MS);
    await prepare(world);
    page.open();
    await tab.getByText('The bot is ready.').waitFor();
  }, 2 * WITHIN_MS);
  afterAll(async () => {
    await browser?.close();
    await page?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  const words = () => tab.getByRole('combobox', { name: /^Message in/u });
  const lines = () => tab.locator('#lines > li[data-line]');
  const messages = () => tab.locator('#messages > li');
  const loudness = () =>
    tab.locator('#meter').evaluate(meter => (meter as unknown as { value: number }).value);

  async function type(text: string): Promise<void> {
    await words().fill(text);
    await words().press('Enter');
  }

  /** Waits until the line with these words is over. */
  async function over(text: string): Promise<Locator> {
    const line = lines().filter({ hasText: text }).first();
    await until('the line', async () => (await line.getAttribute('data-over')) !== null, WITHIN_MS);
    return line;
  }

  /** Faults that axe-core finds and calls serious or worse. */
  async function faults(): Promise<string[]> {
    await tab.evaluate(AXE);
    const found = await tab.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
      return (await axe.run()).violations;
    });
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  test('what is typed is heard: sound comes out of the page, of each packet that Fish Audio sent', async () => {
    expect(await loudness()).toBe(0);
    await type('The parrot fish says good morning');
    await until('a sound', async () => (await loudness()) > 0.05, WITHIN_MS);
    const line = await over('good morning');
    const { packets } = world.fish.sessions.find(({ text }) => text.includes('good morning')) ?? {};
    expect(await line.textContent()).toContain(`${packets?.length} of ${packets?.length} packets heard`);
    expect(await line.textContent()).toContain('byte for byte');
    expect(await line.textContent()).toContain('end-to-end encrypted');
    expect(Number(await line.getAttribute('data-began-after'))).toBeGreaterThan(0);
    expect((await line.locator('path.wave').getAttribute('d'))?.match(/M/gu)?.length).toBeGreaterThan(50);
    expect(await line.getByRole('img').getAttribute('aria-label')).toContain('first packet');
  });

  test('a reload in the middle of a sentence goes on', async () => {
    await type('This sentence is so long that somebody can load the page again while it is being said');
    await until('a sound', async () => (await loudness()) > 0.05, WITHIN_MS);
    await tab.reload();
    await until('a sound once more', async () => (await loudness()) > 0.05, WITHIN_MS);
    const line = await over('so long that somebody');
    expect(await line.textContent()).toContain('byte for byte');
  });

  test('what is saved as audio can be played at once, and its line says that nobody heard it', async () => {
    const message = messages().filter({ hasText: 'good morning' }).first();
    await message.getByLabel(/^More for/u).click();
    await message.getByRole('button', { name: 'Save as audio' }).click();
    const player = messages().filter({ hasText: 'used Save as audio' }).last().locator('audio');
    await player.waitFor();
    const seconds = () => player.evaluate(audio => (audio as unknown as { duration: number }).duration);
    await until('its length', async () => (await seconds()) > 1, WITHIN_MS);
    await lines().first().getByText('not heard in voice').waitFor();
  });

  test('by keyboard alone, the panel is opened, and changes a setting', async () => {
    await words().focus();
    await tab.keyboard.type('/settings p');
    await tab.getByRole('option', { name: '/settings panel' }).waitFor();
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Enter');
    const panel = messages().filter({ hasText: 'used /settings panel' }).last();
    await panel.getByRole('combobox').first().waitFor();
    expect(await panel.textContent()).toContain('Only you can see this');
    const before = await panel.textContent();
    await panel.getByRole('combobox').first().focus();
    await tab.keyboard.press('ArrowDown');
    await until('another page of the panel', async () => (await panel.textContent()) !== before, WITHIN_MS);
    await until('the focus where it was', () => tab.evaluate(`document.activeElement.tagName === 'SELECT'`));
  });

  test('somebody else chooses another voice from suggestions, and speaks with it', async () => {
    await tab.getByRole('button', { name: 'Ben', exact: true }).click();
    await type('/voice set');
    const voice = tab.getByRole('combobox', { name: /^voice/u });
    await voice.fill('Robot');
    await tab.getByRole('option', { name: /Robot 7/u }).click();
    await tab.getByRole('button', { name: 'Send' }).click();
    await messages().filter({ hasText: 'Ben used /voice set' }).waitFor();
    await type('All systems are working');
    const line = await over('systems are working');
    expect(await line.textContent()).toContain('Robot 7');
  });

  test('what is half filled in stays while something else happens', async () => {
    await type('/voice set');
    const voice = tab.getByRole('combobox', { name: /^voice/u });
    await voice.fill('Rob');
    world.discord.muteSelf(world.ana, world.guild, true);
    await tab.getByText('· muted').waitFor();
    expect(await voice.inputValue()).toBe('Rob');
    world.discord.muteSelf(world.ana, world.guild, false);
    await tab.getByRole('button', { name: 'Cancel' }).click();
  });

  test('a form of the bot is filled in and sent', async () => {
    await tab.getByRole('button', { name: 'Ana', exact: true }).click();
    const panel = messages().filter({ hasText: 'used /settings panel' }).last();
    await panel.getByRole('combobox').first().selectOption({ label: 'Limits' });
    await panel
      .getByRole('button', { name: /^Change/u })
      .first()
      .click();
    const form = tab.getByRole('dialog');
    await form.waitFor();
    expect(await faults()).toEqual([]);
    await form.getByRole('textbox').first().fill('777');
    await form.getByRole('button', { name: 'Send' }).click();
    await until('no form', async () => (await form.count()) === 0);
    await until('the new limit', async () => (await panel.textContent())?.includes('777') === true);
  });

  test(
    'a fault is thrown: the bot says in the chat what it could not say, and recovers',
    async () => {
      const down = tab.getByRole('switch', { name: 'Fish Audio is down' });
      await down.click();
      await until('the switch', async () => (await down.getAttribute('aria-checked')) === 'true');
      const before = await messages().count();
      await type('Nobody will hear this one');
      await until('a notice', async () => (await messages().count()) > before + 1, WITHIN_MS);
      expect(await messages().last().textContent()).toContain('Parrotfish');
      await down.click();
      await until('the switch', async () => (await down.getAttribute('aria-checked')) === 'false');
      const again = lines().filter({ hasText: 'heard again' });
      // The bot looks for Fish Audio at intervals; until it has found it, it says that it cannot speak.
      await until(
        'speech',
        async () => {
          await type('/say And now it is heard again');
          await tab.waitForTimeout(1_000);
          return (await again.count()) > 0;
        },
        WITHIN_MS,
      );
      await over('heard again');
    },
    3 * WITHIN_MS,
  );

  test('nothing in it keeps people out, in light and in dark, wide and narrow; and nothing is cut', async () => {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1440, 900, 390]) {
        await tab.emulateMedia({ colorScheme });
        await tab.setViewportSize({ width, height: 900 });
        expect(await faults()).toEqual([]);
        expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
    expect(troubles).toEqual([]);
  });
});
