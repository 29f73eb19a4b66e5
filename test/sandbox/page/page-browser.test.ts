import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { startWorld, type World } from '../world.ts';
import { noBrowser, startChromium } from './chromium.ts';
import { HARM, tryHarm } from './harm.ts';
import { type Page, startPage } from './page.ts';
import { PageVisitor, WITHIN_MS } from './page-visitor.ts';
import { prepare } from './prepare.ts';

/** The page in a real browser, as a newcomer uses it. One test goes on where the one before it ended. */

/** Ten people; the words of each are found in what is said and nowhere else. */
const PEOPLE = ['Ana', 'Ben', 'Kenji', 'Dora', 'Emil', 'Fay', 'Gus', 'Hal', 'Ida', 'Joe'] as const;
const FRUIT = [
  'apple',
  'pear',
  'plum',
  'cherry',
  'lemon',
  'melon',
  'mango',
  'peach',
  'grape',
  'fig',
] as const;
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

  test('ten people write, one after another, and each is heard whole: every packet comes out of the page as sound', async () => {
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
    await panel.getByRole('combobox').first().selectOption({ label: 'Limits' });
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

  test('one answers a message by name with a file, and changes one’s own', async () => {
    const { tab } = visitor;
    const message = visitor.messages.filter({ hasText: 'pear' }).first();
    await message.getByLabel(/^More for/u).click();
    await message.getByRole('button', { name: 'Reply' }).click();
    const file = { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('x') };
    await tab.locator('#composer input[type=file]').setInputFiles(file);
    await visitor.type('; @Ben, no'); // by its prefix, it is not read
    const answer = visitor.messages.last();
    await answer.getByRole('link', { name: 'a.txt' }).waitFor();
    expect(await answer.locator('.mention').textContent()).toBe('@Ben');
    expect(await answer.locator('.reply-to').textContent()).toContain('Ben pear');
    await answer.getByLabel(/^More for/u).click();
    await answer.getByRole('button', { name: 'Edit' }).click();
    expect(await visitor.words.inputValue()).toBe('; @Ben, no');
    await visitor.type('; yes');
    await answer.getByText('· edited').waitFor();
    expect(await answer.textContent()).toContain('; yes');
  });

  test('a page that opens on a long talk shows all of it once, in its order, and stays at its end', async () => {
    const { discord, guild, ben } = world;
    const written = Array.from({ length: 60 }, (_, index) =>
      discord.message(ben, guild.textChannel, `; ${index} of a long talk`),
    );
    await visitor.tab.reload();
    for (const message of written.slice(0, 2)) discord.edit(message, '; changed');
    const shownIds = async () => {
      const all = await visitor.messages.evaluateAll(items =>
        items.map(item => item.getAttribute('data-id')),
      );
      return all.filter(id => written.some(message => message.id === id));
    };
    await until('all of it', async () => (await shownIds()).length >= written.length);
    expect(await shownIds()).toEqual(written.map(({ id }) => id));
    expect(await visitor.messages.filter({ hasText: '; changed' }).count()).toBe(2);
    await visitor.messages.filter({ hasText: '; 59 of a long talk' }).waitFor();
    const fromEnd = await visitor.tab
      .locator('#messages')
      .evaluate(list => list.scrollHeight - list.scrollTop - list.clientHeight);
    expect(fromEnd).toBeLessThan(80);
  });

  test('nothing that somebody calls themselves, writes, sends or answers is taken as HTML', async () => {
    const { discord, guild } = world;
    tryHarm(world);
    const [people, bots] = [visitor.messages.nth(-2), visitor.messages.last()];
    await bots.getByText('run').click();
    expect(await people.locator('.text').textContent()).toContain(HARM);
    expect(await bots.locator('button.primary').textContent()).toContain(HARM);
    expect(await visitor.tab.locator('.person').last().textContent()).toContain(HARM);
    expect(
      await visitor.tab.evaluate(
        'document.querySelectorAll("body script, [onerror], [onclick], [src=x]").length',
      ),
    ).toBe(0);
    expect(await visitor.tab.evaluate('globalThis.harmed')).toBeUndefined();
    discord.deleteMessages([...discord.messages(guild.textChannel)].slice(-2));
    // The picture is none, and is no fault of the page.
    visitor.troubles.length = 0;
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
