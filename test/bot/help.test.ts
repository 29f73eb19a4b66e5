import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startBot } from '../sandbox/bot.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// Starting processes takes what it takes on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const MANAGE_GUILD = String(1n << 5n);

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let guild: FakeGuild;

beforeAll(async () => {
  stage = await startStage({}, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben', { locale: 'de' });
  });
  guild = stage.discord.addGuild({ name: 'help' });
  guild.addMember(ana, { permissions: MANAGE_GUILD });
  guild.addMember(ben);
  await until('commands', () => stage.discord.registered.length > 0);
});
afterAll(() => stage[Symbol.asyncDispose]());

/** The id that Discord has given to a command. */
function idOf(name: string): string {
  const registered = stage.discord.registered as readonly { id: string; name: string }[];
  return registered.find(command => command.name === name)?.id ?? 'none';
}

test('everybody is shown what they may use, topic by topic, in their language, clickable', async () => {
  const { discord } = stage;
  const forAna = discord.command(ana, guild, 'help');
  await until('the ids are known', async () =>
    (await discord.command(ana, guild, 'help').reply()).includes('</join:'),
  );
  const start = discord.command(ana, guild, 'help');
  const text = await start.reply();
  expect(start.ephemeral).toBe(true);
  for (const name of ['say', 'join', 'queue']) expect(text).toContain(`</${name}:${idOf(name)}>`);
  for (const name of ['voice server', 'settings panel'])
    expect(text).toContain(`</${name}:${idOf(name.split(' ')[0] ?? '')}>`);
  // There is no language model.
  expect(text).not.toContain('/ask');
  expect(idOf('ask')).toBe('none');
  await forAna.reply();

  const own = discord.command(ben, guild, 'help');
  const deutsch = await own.reply();
  expect(deutsch).toContain('Sprachkanal');
  expect(deutsch).not.toContain('settings');
  expect(deutsch).not.toContain('voice server');
  const topic = await discord.choose(ben, own, 'help:topic', ['voices']).reply();
  expect(topic).toContain(`</voice set:${idOf('voice')}> Wähle`);
  expect(topic).toContain('Zum Beispiel `/voice search query: ruhig deutsch`');
  await expect(discord.choose(ben, own, 'help:topic', ['managing']).reply()).resolves.toContain('usage');
  expect(await discord.choose(ben, own, 'help:topic', ['start']).reply()).toBe(deutsch);
});

test('after a restart with the same commands they are clickable too, and the old menu works', async () => {
  const { discord, bot, fish } = stage;
  const old = discord.command(ben, guild, 'help');
  await old.reply();
  await bot[Symbol.asyncDispose]();
  await using again = startBot({ discord, fish });
  await discord.ready(50_000);
  await until('the ids are known', async () =>
    (await discord.command(ana, guild, 'help').reply()).includes(`</join:${idOf('join')}>`),
  );
  expect(await discord.choose(ben, old, 'help:topic', ['channel']).reply()).toContain(
    `</join:${idOf('join')}>`,
  );
  expect(again.output).not.toMatch(/answer failed/);
});
