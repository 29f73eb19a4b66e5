import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { type Servers, startServers } from '../world.ts';
import { noBrowser, startChromium } from './chromium.ts';
import { HARM, tryHarm } from './harm.ts';
import { type Page, startPage } from './page.ts';
import { PageVisitor, WITHIN_MS } from './page-visitor.ts';

/** What people write, in a real browser; no bot is there. One test goes on where the one before it ended. */

describe.skipIf(noBrowser)('in a browser', () => {
  let world: Servers;
  let page: Page;
  let browser: Browser;
  let visitor: PageVisitor;

  beforeAll(async () => {
    world = await startServers();
    page = await startPage(world);
    page.noBot();
    browser = await startChromium();
    visitor = await PageVisitor.open(browser, page.url);
    await visitor.as('Ana');
  }, 2 * WITHIN_MS);
  afterAll(async () => {
    await browser?.close();
    await page?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  test('one answers a message by name with a file, and changes one’s own', async () => {
    const { tab } = visitor;
    world.discord.message(world.ben, world.guild.textChannel, 'pear');
    const message = visitor.messages.filter({ hasText: 'pear' }).first();
    await message.getByLabel(/^More for/u).click();
    await message.getByRole('button', { name: 'Reply' }).click();
    const file = { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('x') };
    await tab.locator('#composer input[type=file]').setInputFiles(file);
    await visitor.type('@Ben, no');
    const answer = visitor.messages.last();
    await answer.getByRole('link', { name: 'a.txt' }).waitFor();
    expect(await answer.locator('.mention').textContent()).toBe('@Ben');
    expect(await answer.locator('.reply-to').textContent()).toContain('Ben pear');
    await answer.getByLabel(/^More for/u).click();
    await answer.getByRole('button', { name: 'Edit' }).click();
    expect(await visitor.words.inputValue()).toBe('@Ben, no');
    await visitor.type('yes');
    await answer.getByText('· edited').waitFor();
    expect(await answer.textContent()).toContain('yes');
  });

  test('a page that opens on a long talk shows all of it once, in its order, and stays at its end', async () => {
    const { discord, guild, ben } = world;
    const written = Array.from({ length: 60 }, (_, index) =>
      discord.message(ben, guild.textChannel, `${index} of a long talk`),
    );
    await visitor.tab.reload();
    for (const message of written.slice(0, 2)) discord.edit(message, 'changed');
    const shownIds = async () => {
      const all = await visitor.messages.evaluateAll(items =>
        items.map(item => item.getAttribute('data-id')),
      );
      return all.filter(id => written.some(message => message.id === id));
    };
    await until('all of it', async () => (await shownIds()).length >= written.length);
    expect(await shownIds()).toEqual(written.map(({ id }) => id));
    expect(await visitor.messages.filter({ hasText: 'changed' }).count()).toBe(2);
    await visitor.messages.filter({ hasText: '59 of a long talk' }).waitFor();
    const fromEnd = await visitor.tab
      .locator('#messages')
      .evaluate(list => list.scrollHeight - list.scrollTop - list.clientHeight);
    expect(fromEnd).toBeLessThan(80);
  });

  test('whoever is at an old message by keyboard is there again once all are drawn anew, the oldest last', async () => {
    const menu = visitor.messages
      .filter({ hasText: 'pear' })
      .first()
      .getByLabel(/^More for/u);
    await menu.focus();
    const before = await menu.elementHandle();
    world.discord.happenings.emit('registered');
    await until('another element', async () => (await before?.evaluate(one => one.isConnected)) === false);
    await until('the focus where it was', () => menu.evaluate(one => one.matches(':focus')));
  });

  test('what could not be sent, since the sandbox was not reached, stands where one writes, with its file', async () => {
    const { tab } = visitor;
    let isThere = true;
    let cut = () => {};
    await tab.routeWebSocket('**/socket', page => {
      if (!isThere) return void page.close();
      const sandbox = page.connectToServer();
      cut = () => void Promise.all([page.close(), sandbox.close()]);
    });
    await tab.reload();
    await visitor.as('Ana');
    await tab.getByText('There is no bot here').waitFor();
    const reached = () => tab.locator('#bot-state').textContent();
    await visitor.words.fill('a plum');
    const file = { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('x') };
    await tab.locator('#composer input[type=file]').setInputFiles(file);
    isThere = false;
    cut();
    await until('no sandbox', async () => (await reached()) === 'The sandbox is not running.');
    await visitor.words.press('Enter');
    await until('a word about it', async () => (await tab.locator('#trouble').textContent()) !== '');
    await until('the words', async () => (await visitor.words.inputValue()) === 'a plum');
    isThere = true;
    await until('the sandbox again', async () => (await reached()) === 'There is no bot here: start yours.');
    await visitor.words.press('Enter');
    await visitor.messages.last().getByRole('link', { name: 'b.txt' }).waitFor();
    expect(await visitor.messages.last().textContent()).toContain('a plum');
    expect(await visitor.words.inputValue()).toBe('');
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
    expect(visitor.troubles.filter(trouble => !trouble.includes('Failed to load resource'))).toEqual([]);
  });
});
