import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { FakeInteraction } from '../sandbox/discord/interaction.ts';
import { managedGuild } from '../support/managed-guild.ts';
import { setInPanel } from '../support/panel.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server that Ana manages, and Ben does not. */
function server(name: string): FakeGuild {
  return managedGuild(stage.discord, { name, manager: ana, members: [ben] });
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

/** The file that comes with an answer. */
async function fileOf(answer: FakeInteraction): Promise<Buffer> {
  await answer.reply();
  return Buffer.from(answer.message?.files[0]?.bytes ?? []);
}

async function jsonOf(answer: FakeInteraction): Promise<Record<string, unknown>> {
  return JSON.parse((await fileOf(answer)).toString()) as Record<string, unknown>;
}

function exported(guild: FakeGuild): Promise<Record<string, unknown>> {
  return jsonOf(use(guild, 'settings export'));
}

function imported(guild: FakeGuild, settings: unknown): Promise<string> {
  const bytes = Buffer.from(typeof settings === 'string' ? settings : JSON.stringify(settings));
  return use(guild, 'settings import', { file: { name: 'settings.json', bytes } }).reply();
}

test('an import is all or nothing, and says what is wrong', async () => {
  const guild = server('import');
  const before = await exported(guild);
  for (const [settings, told] of [
    ['{"speed":', /JSON/],
    ['[]', /JSON/],
    [{ speed: 7 }, /speed`: `7` — from 0\.5 to 2/],
    [{ volume: 3, nonsense: true }, /nonsense/],
    [{ volume: 3, dictionary: { a: 5 } }, /dictionary/],
    [{ volume: 3, channels: [{ id: 'x', addedBy: 'admin' }] }, /channels/],
    [{ parrotfish: 99 }, /newer|later/],
    ['{"__proto__":{"speed":1.5}}', /__proto__/],
    ['{"constructor":1}', /constructor/],
  ] as const)
    expect(await imported(guild, settings)).toMatch(told);
  expect(await exported(guild)).toEqual(before);
  expect(await imported(guild, { volume: 3, dictionary: { brb: 'be right back' } })).toMatch(
    /2 changes[\s\S]*Volume\*\*: 0 dB → 3 dB[\s\S]*Dictionary\*\*: \+ brb → be right back/,
  );
  const after = await exported(guild);
  expect(after).toEqual({ ...before, volume: 3, dictionary: { brb: 'be right back' } });
  const byHand = server('import by hand');
  await imported(byHand, { channels: [byHand.textChannel.id] });
  expect(await exported(byHand)).toMatchObject({
    channels: [{ id: byHand.textChannel.id, addedBy: 'admin' }],
  });
  const other = server('import elsewhere');
  await imported(other, after);
  expect(await exported(other)).toEqual(after);
});

test('a file that is too large is not fetched', async () => {
  const guild = server('large');
  expect(await imported(guild, `"${'x'.repeat(131_071)}"`)).toMatch(/large/);
});

test('who may not manage the server may not change its settings, whatever Discord lets through', async () => {
  const guild = server('rights');
  const { discord } = stage;
  await expect(discord.command(ben, guild, 'settings panel').reply()).rejects.toThrow();
  const forced = (name: string, options = {}) =>
    discord.command(ben, guild, name, options, { force: true }).reply();
  expect(await forced('settings panel')).toMatch(/Manage Server/);
  expect(await forced('settings export')).toMatch(/Manage Server/);
  expect(await forced('voice server', { voice: 'abc' })).toMatch(/Manage Server/);
  const bytes = Buffer.from('{"dictionary":{}}');
  expect(await forced('dictionary import', { file: { name: 'words.json', bytes } })).toMatch(/Manage Server/);
});

test('the dictionary: how words are said, tried, listed, exported and imported', async () => {
  const guild = server('dictionary');
  expect(await use(guild, 'dictionary list', {}, ben).reply()).toBeTruthy();
  await use(guild, 'dictionary add', { word: 'brb', say: 'be right back' }, ben).reply();
  expect(await use(guild, 'dictionary try', { text: 'BRB, not brbx' }).reply()).toContain(
    'be right back, not brbx',
  );
  expect(await use(guild, 'dictionary list').reply()).toContain(`brb → be right back · <@${ben.id}>`);
  expect(await jsonOf(use(guild, 'dictionary export'))).toMatchObject({
    dictionary: { brb: 'be right back' },
  });
  expect(await use(guild, 'dictionary remove', { word: 'BRB' }).reply()).toContain('BRB');
  expect(await use(guild, 'dictionary remove', { word: 'brb' }).reply()).toMatch(/brb/);
  const bytes = Buffer.from('{"lol":"laughing out loud"}');
  await use(guild, 'dictionary import', { file: { name: 'words.json', bytes } }).reply();
  expect(await use(guild, 'dictionary try', { text: 'lol' }).reply()).toContain('laughing out loud');
});

test('who may change the dictionary is a setting; those who manage the server always may', async () => {
  const guild = server('dictionary rights');
  const { discord } = stage;
  const role = guild.addRole('Teachers');
  const file = () => ({ file: { name: 'words.json', bytes: Buffer.from('{"lol":"laughing"}') } });
  const change = async (user: FakeUser) => [
    await use(guild, 'dictionary add', { word: 'brb', say: 'soon' }, user).reply(),
    await use(guild, 'dictionary remove', { word: 'brb' }, user).reply(),
    await use(guild, 'dictionary import', file(), user).reply(),
  ];
  const may = (...told: RegExp[]) => told.map(text => expect.stringMatching(text) as string);
  const [added, removed, taken] = [/From now on/, /I forgot/, /was replaced/];
  expect(await change(ben)).toEqual(may(added, removed, /Manage Server/));
  expect(await change(ana)).toEqual(may(added, removed, taken));

  const by = { discord, guild, user: ana };
  const choose = async (values: Parameters<typeof setInPanel>[2]) =>
    await (await setInPanel(by, { page: 'rights', group: 'dictionary' }, values)).reply();
  await choose({ dictionaryBy: 'managers' });
  expect(await change(ben)).toEqual(may(/Manage Server/, /Manage Server/, /Manage Server/));
  expect(await change(ana)).toEqual(may(added, removed, taken));

  expect(await choose({ 'dictionaryBy.role': [role] })).toContain(`<@&${role.id}>`);
  expect(await exported(guild)).toMatchObject({ dictionaryBy: role.id });
  expect(await change(ben)).toEqual(may(/<@&/, /<@&/, /<@&/));
  expect(await change(ana)).toEqual(may(added, removed, taken));
  guild.setRoles(ben, [role]);
  expect(await change(ben)).toEqual(may(added, removed, taken));

  await choose({ dictionaryBy: 'managers' });
  expect(await exported(guild)).toMatchObject({ dictionaryBy: 'managers' });
  const nothing = { name: 'words.json', bytes: Buffer.from('{}') };
  await use(guild, 'dictionary import', { file: nothing }).reply();
  expect(await use(guild, 'dictionary list', {}, ben).reply()).toBe('The dictionary is empty.');
  expect(await use(guild, 'dictionary list').reply()).toMatch(/is empty\. Teach me a word/);
  await choose({ dictionaryBy: 'everyone' });
  expect(await imported(guild, { dictionaryBy: 'nobody' })).toMatch(/dictionaryBy/);
  expect(await imported(guild, { dictionaryBy: role.id })).toMatch(/Everyone → <@&/);
  expect(await exported(guild)).toMatchObject({ dictionaryBy: role.id });
});

test('many who add words at once lose none, and a word is the same in any case', async () => {
  const guild = server('words at once');
  const words = ['aa', 'bb', 'cc', 'dd'];
  await Promise.all(words.map(word => use(guild, 'dictionary add', { word, say: `${word}!` }).reply()));
  expect(Object.keys((await exported(guild))['dictionary'] as object).sort()).toEqual(words);
  await use(guild, 'dictionary add', { word: 'AA', say: 'double a' }).reply();
  expect(await use(guild, 'dictionary try', { text: 'aa' }).reply()).toContain('double a');
});

test('what was spoken and spent: one’s own, and with a picture; the server’s for those who manage it', async () => {
  const guild = server('usage');
  await stage.discord.join(ana, guild.voiceChannel);
  await stage.discord.join(ben, guild.voiceChannel);
  expect(await use(guild, 'usage', {}, ben).reply()).toBeTruthy();
  await use(guild, 'say', { text: 'Twelve bytes' }, ben).reply();
  await until('it is said', () =>
    stage.fish.sessions.some(({ text, ended }) => text.includes('Twelve bytes') && ended === 'finish'),
  );
  const bytes = Buffer.byteLength('Ben said: Twelve bytes');
  const own = use(guild, 'usage', {}, ben);
  expect(await own.reply()).toContain(String(bytes));
  expect(await own.reply()).not.toContain('<@'); // who else has spoken is not for everybody
  expect((await fileOf(own)).subarray(1, 4).toString()).toBe('PNG');
  const all = await use(guild, 'usage', { days: 30 }).reply();
  expect(all).toMatch(/≈ \d+ sec · \$0\.\d+[\s\S]*Today: \d+ of 200,000 bytes/);
  expect(all).toContain(`<@${ben.id}>`);
  expect(all).toContain(String(bytes));
});

test('a person’s data: exported whole, and gone when they say so', async () => {
  const guild = server('privacy');
  stage.fish.library.know('voice-of-ben');
  await use(guild, 'voice set', { voice: 'voice-of-ben' }, ben).reply();
  await use(guild, 'optout', {}, ben).reply();
  const dataOf = () => jsonOf(use(guild, 'privacy export', {}, ben));
  expect(await dataOf()).toMatchObject({
    userId: ben.id,
    servers: expect.arrayContaining([
      expect.objectContaining({
        guildId: guild.id,
        optedOut: true,
        settings: expect.objectContaining({ voice: 'voice-of-ben' }),
      }),
    ]),
  });
  const asked = use(guild, 'privacy delete', {}, ben);
  expect(await asked.reply()).toMatch(/Shall I delete everything/);
  expect(asked.ephemeral).toBe(true);
  expect(await stage.discord.press(ben, asked, idOf(asked, 'Keep it')).reply()).toBe('I deleted nothing.');
  expect((await dataOf())['servers']).toHaveLength(1);
  const again = use(guild, 'privacy delete', {}, ben);
  await again.reply();
  expect(await stage.discord.press(ben, again, idOf(again, 'Delete everything')).reply()).toMatch(
    /I deleted/,
  );
  expect(again.components).toEqual([]);
  expect(await dataOf()).toEqual({ userId: ben.id, servers: [], clones: [], words: [], usage: [] });
});

/** The custom id of the button with this label. */
function idOf({ components }: FakeInteraction, label: string): string {
  return String(components.find(component => component['label'] === label)?.['custom_id']);
}

test('people are answered in their own language, and all in the server’s', async () => {
  const { discord } = stage;
  const guild = discord.addGuild({ name: 'languages', locale: 'ja' });
  const kim = discord.addUser('Kim', { locale: 'ko' });
  guild.addMember(kim);
  await discord.join(kim, guild.voiceChannel);
  expect(await use(guild, 'queue', {}, kim).reply()).toMatch(/\p{sc=Hangul}/u);
  expect(await use(guild, 'join', {}, kim).reply()).toMatch(/[\p{sc=Hiragana}\p{sc=Katakana}]/u);
});
