import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { jsonFile, managedGuild } from '../support/managed-guild.ts';
import { type Stage, startStage } from '../support/stage.ts';

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({}, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server that Ana manages and of which Ben is a member. */
function server(name: string): FakeGuild {
  return managedGuild(stage.discord, { name, manager: ana, members: [ben] });
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

function imported(guild: FakeGuild, value: unknown): Promise<string> {
  return use(guild, 'dictionary import', jsonFile(value)).reply();
}

test('the words of the dictionary are offered where one is removed, those that begin so first', async () => {
  const guild = server('completion');
  await imported(guild, { gg: 'good game', Ägg: 'egg', afk: 'away', long: 'x'.repeat(200) });
  const offered = (typed: string) =>
    stage.discord.autocomplete(ben, guild, 'dictionary remove', 'word', { word: typed });
  expect(await offered('GG')).toEqual([
    { name: 'gg → good game', value: 'gg' },
    { name: 'Ägg → egg', value: 'Ägg' },
  ]);
  expect((await offered('')).map(({ value }) => value)).toEqual(['Ägg', 'afk', 'gg', 'long'].toSorted());
  expect(await offered('nothing of it')).toEqual([]);
  expect(await use(guild, 'dictionary remove', { word: 'Ägg' }, ben).reply()).toContain('Ägg');
  expect(await offered('gg')).toHaveLength(1);
});

test('the list is turned page by page, by buttons that follow what changes', async () => {
  const guild = server('pages');
  const words = Object.fromEntries(
    Array.from({ length: 45 }, (_, n) => [`word${String(n).padStart(2, '0')}`, 'said']),
  );
  await imported(guild, words);
  const list = use(guild, 'dictionary list', {}, ben);
  expect(await list.reply()).toMatch(/45 words\nword00 → said · <@\d+>\n[^]*word19[^]*Page 1 of 3/);
  expect(list.ephemeral).toBe(true);
  const press = (label: string) => {
    const button = list.components.find(component => component['label'] === label);
    return stage.discord.press(ben, list, String(button?.['custom_id'])).reply();
  };
  expect(await press('Next')).toMatch(/word20[^]*Page 2 of 3/);
  expect(await press('Next')).toMatch(/word44[^]*Page 3 of 3/);
  await imported(guild, { alone: 'said' });
  expect(await press('Previous')).toMatch(/1 word\nalone → said/);
});

test('a word for which nothing is said is left out, and that is what people are told', async () => {
  const guild = server('left out');
  expect(await use(guild, 'dictionary add', { word: 'lol', say: ' ' }).reply()).toBe(
    'From now on I leave lol out when I read.',
  );
  expect(await use(guild, 'dictionary list').reply()).toContain('lol → (left out)');
  expect(await use(guild, 'dictionary try', { text: 'so lol funny' }).reply()).toContain('I say: so funny');
});

test('a file in another shape is refused with what is wrong and what is wanted, and changes nothing', async () => {
  const guild = server('shapes');
  await use(guild, 'dictionary add', { word: 'brb', say: 'be right back' }).reply();
  for (const list of [[{ word: 'a', say: 'b' }], { dictionary: ['a', 'b'] }])
    expect(await imported(guild, list)).toMatch(
      /a JSON list in square brackets[^]*\{ "brb": "be right back" \}/,
    );
  expect(await imported(guild, { lol: 5 })).toMatch(
    /`dictionary.lol` is not a text[^]*\{ "brb": "be right back" \}/,
  );
  expect(await use(guild, 'dictionary list').reply()).toMatch(/^### Dictionary: 1 word\nbrb/);
});
