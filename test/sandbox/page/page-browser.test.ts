import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { startWorld, type World } from '../world.ts';
import { noBrowser, startChromium } from './chromium.ts';
import { type Page, startPage } from './page.ts';
import { PageClient } from './page-client.ts';
import { PageVisitor, WITHIN_MS } from './page-visitor.ts';
import { prepare } from './prepare.ts';

/** The page in a real browser, as a newcomer uses it. One test goes on where the one before it ended. */

/** Five people; the words of each are found in what is said and nowhere else. */
const PEOPLE = ['Ana', 'Ben', 'Kenji', 'Dora', 'Emil'] as const;
const FRUIT = ['apple', 'pear', 'plum', 'cherry', 'lemon'] as const;
if (noBrowser) console.warn(`The page is not tried in a browser: ${noBrowser}.`);

describe.skipIf(noBrowser)('in a browser', () => {
  let world: World;
  let page: Page;
  let browser: Browser;
  let visitor: PageVisitor;

  beforeAll(async () => {
    world = await startWorld();
    page = await startPage(world);
    browser = await startChromium();
    visitor = await PageVisitor.open(browser, page.url);
    expect(await visitor.faults()).toEqual([]);
    const { discord, guild } = world;
    await discord.ready(WITHIN_MS);
    await prepare(world);
    page.open();
    await visitor.tab.getByText('The bot is ready.').waitFor();
    for (const name of PEOPLE.slice(3)) {
      const user = discord.addUser(name);
      guild.addMember(user);
      await discord.join(user, guild.voiceChannel);
    }
  }, 2 * WITHIN_MS);
  afterAll(async () => {
    await browser?.close();
    await page?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  const answerTo = (what: string) => visitor.messages.filter({ hasText: `used ${what}` }).last();

  test('five people write, one after another, and each is heard whole: every packet comes out of the page as sound', async () => {
    const { tab } = visitor;
    expect(await visitor.loudness()).toBe(0);
    await visitor.as('Kenji');
    await tab.getByRole('button', { name: 'Join Voice' }).click();
    await tab.getByRole('button', { name: 'Leave Voice' }).waitFor();
    for (const [index, name] of PEOPLE.entries()) {
      await visitor.as(name);
      await visitor.type(FRUIT[index] ?? '');
    }
    for (const [index, fruit] of FRUIT.entries()) {
      const line = await visitor.over(fruit);
      const { packets = [] } = world.fish.sessions.find(({ text }) => text.includes(fruit)) ?? {};
      expect(packets.length).toBeGreaterThan(20);
      const text = await line.textContent();
      expect(text).toContain(PEOPLE[index]);
      expect(text).toContain(`${packets.length} of ${packets.length} packets heard, byte for byte`);
      expect(text).toContain('end-to-end encrypted');
      const number = async (name: string) => Number(await line.getAttribute(name));
      await until('all of it in the page', async () => (await number('data-played')) === packets.length);
      await until('its sound', async () => (await number('data-loudest')) > 0.05);
      expect(await number('data-began-after')).toBeGreaterThan(0);
      expect((await line.locator('path.wave').getAttribute('d'))?.match(/M/gu)?.length).toBeGreaterThan(10);
      expect(await line.getByRole('img').getAttribute('aria-label')).toContain('first packet');
    }
  });

  test('a reload in the middle of a sentence goes on', async () => {
    await visitor.as('Ana');
    await visitor.type('Somebody loads the page again while this sentence is said');
    await visitor.hears();
    await visitor.tab.reload();
    await visitor.hears();
    const line = await visitor.over('loads the page again');
    expect(await line.textContent()).toContain('byte for byte');
  });

  test('what is saved as audio can be played at once, and its line says that nobody heard it', async () => {
    const message = visitor.messages.filter({ hasText: 'apple' }).first();
    await message.getByLabel(/^More for/u).click();
    await message.getByRole('button', { name: 'Save as audio' }).click();
    const player = answerTo('Save as audio').locator('audio');
    await player.waitFor();
    const seconds = () => player.evaluate(audio => (audio as unknown as { duration: number }).duration);
    await until('its length', async () => (await seconds()) > 0.5, WITHIN_MS);
    await visitor.lines.first().getByText('not heard in voice').waitFor();
  });

  test('by keyboard alone: the panel is opened and changes, and a command in a message is used', async () => {
    const { tab } = visitor;
    await tab.locator('#listen').focus();
    await tab.keyboard.type('/settings p'); // whoever types somewhere writes a message
    await tab.getByRole('option', { name: '/settings panel' }).waitFor();
    await tab.keyboard.press('Enter');
    const panel = answerTo('/settings panel');
    await panel.getByRole('combobox').first().waitFor();
    expect(await panel.textContent()).toContain('Only you can see this');
    const before = await panel.textContent();
    await panel.getByRole('combobox').first().focus();
    await tab.keyboard.press('ArrowDown');
    await until('another page of the panel', async () => (await panel.textContent()) !== before, WITHIN_MS);
    await until('the focus where it was', () => tab.evaluate(`document.activeElement.tagName === 'SELECT'`));
    await visitor.type('/hel');
    const command = answerTo('/help').getByRole('button', { name: '/say' }).first();
    await command.focus();
    await tab.keyboard.press('Enter');
    await tab.getByRole('form', { name: '/say' }).waitFor();
    await tab.keyboard.press('Escape');
    await until('the focus in the words', () => tab.evaluate(`document.activeElement.id === 'words'`));
  });

  test('somebody else chooses another voice from suggestions, and speaks with it', async () => {
    const { tab } = visitor;
    await visitor.as('Ben');
    await visitor.type('/voice set');
    const voice = tab.getByRole('combobox', { name: /^voice/u });
    await voice.fill('Robot');
    await tab.getByRole('option', { name: /Robot 7/u }).click();
    await tab.getByRole('button', { name: 'Send' }).click();
    await answerTo('/voice set').filter({ hasText: 'Ben used' }).waitFor();
    await visitor.type('All systems are working');
    const line = await visitor.over('systems are working');
    expect(await line.textContent()).toContain('Robot 7');
  });

  test('what is half filled in stays while something else happens', async () => {
    const { tab } = visitor;
    await visitor.type('/voice set');
    const voice = tab.getByRole('combobox', { name: /^voice/u });
    await voice.fill('Rob');
    world.discord.muteSelf(world.ana, world.guild, true);
    await tab.getByText('· muted').waitFor();
    expect(await voice.inputValue()).toBe('Rob');
    world.discord.muteSelf(world.ana, world.guild, false);
    // The list of suggestions is open: closing it must not move the button away from under the pointer.
    const suggested = tab.locator('.suggestions > li').first();
    await until('suggestions', async () => {
      await voice.fill('Rob'); // on a busy machine, the bot may not answer in Discord's three seconds
      await suggested.waitFor({ timeout: 4_000 }).catch(() => undefined);
      return suggested.isVisible();
    });
    await tab.getByRole('button', { name: 'Cancel' }).click();
    await visitor.words.waitFor();
  });

  test('a form of the bot is filled in and sent', async () => {
    const { tab } = visitor;
    await visitor.as('Ana');
    const panel = answerTo('/settings panel');
    expect(await visitor.faults()).toEqual([]);
    const before = await panel.textContent();
    await panel.getByRole('combobox').first().selectOption({ label: 'Limits' });
    await until('the page of limits', async () => (await panel.textContent()) !== before, WITHIN_MS);
    const change = panel.getByRole('button', { name: /^Change/u }).first();
    await change.click();
    const form = tab.getByRole('dialog');
    await form.waitFor();
    expect(await visitor.faults()).toEqual([]);
    await tab.keyboard.press('Escape');
    await until('the focus where it was', () => change.evaluate(one => one.matches(':focus')));
    await change.click();
    await form.getByRole('textbox').first().fill('777');
    await form.getByRole('button', { name: 'Send' }).click();
    await until('no form', async () => (await form.count()) === 0);
    await until('the new limit', async () => (await panel.textContent())?.includes('777') === true);
  });

  test('a message is drawn anew behind its form: the keyboard is then back at the control, or where that is gone, at the first', async () => {
    const { tab } = visitor;
    const panel = answerTo('/settings panel');
    const pages = panel.getByRole('combobox').first();
    const change = panel.getByRole('button', { name: /^Change/u }).first();
    const form = tab.getByRole('dialog');
    const drawnAnew = async (act: () => unknown) => {
      const before = await panel.elementHandle();
      await act();
      await until('another element', async () => (await before?.evaluate(one => one.isConnected)) === false);
    };
    await change.click();
    await form.waitFor();
    await drawnAnew(() => world.discord.happenings.emit('registered'));
    await tab.keyboard.press('Escape');
    await until('the focus at the same control', () => change.evaluate(one => one.matches(':focus')));
    await change.click();
    await form.waitFor();
    const anotherTab = await PageClient.open(page.url);
    const [messageId, customId, chosen] = await Promise.all([
      panel.getAttribute('data-id'),
      pages.getAttribute('data-field'),
      pages.locator('option').first().getAttribute('value'),
    ]);
    const turn = { do: 'choose', as: anotherTab.id('Ana'), chosen: [chosen ?? ''] } as const;
    await drawnAnew(() => anotherTab.wish({ ...turn, messageId: messageId ?? '', customId: customId ?? '' }));
    anotherTab.close();
    await tab.keyboard.press('Escape');
    await until('the focus in the message', () => pages.evaluate(one => one.matches(':focus')));
  });

  test(
    'a fault is thrown: the bot says in the chat what it could not say, and recovers',
    async () => {
      const { tab } = visitor;
      const down = tab.getByRole('switch', { name: 'Fish Audio is down' });
      await down.click();
      await until('the switch', async () => (await down.getAttribute('aria-checked')) === 'true');
      const before = await visitor.messages.count();
      await visitor.type('Nobody will hear this one');
      // Until the notice comes: nothing keeps people out, in light and in dark, wide and narrow; and nothing is cut.
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [1440, 900, 390]) {
          await tab.emulateMedia({ colorScheme });
          await tab.setViewportSize({ width, height: 900 });
          expect(await visitor.faults()).toEqual([]);
          expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
          if (width === 1440)
            expect(await tab.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(900);
        }
      await until('a notice', async () => (await visitor.messages.count()) > before + 1, WITHIN_MS);
      expect(await visitor.messages.last().textContent()).toContain('Parrotfish');
      await down.click();
      await until('the switch', async () => (await down.getAttribute('aria-checked')) === 'false');
      const again = visitor.lines.filter({ hasText: 'heard again' });
      // The bot looks for Fish Audio at intervals; until it has found it, it says that it cannot speak.
      await until(
        'speech',
        async () => {
          await visitor.type('/say And now it is heard again');
          await tab.waitForTimeout(1_000);
          return (await again.count()) > 0;
        },
        WITHIN_MS,
      );
      await visitor.over('heard again');
      expect(visitor.troubles).toEqual([]);
    },
    3 * WITHIN_MS,
  );
});
