import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { jsonFile, managedGuild } from '../support/managed-guild.ts';
import { exportedSettings, openPanel, setInPanel } from '../support/panel.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { idOfVoice } from '../support/voice-ids.ts';

const DAY_MS = 86_400_000;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15, strictVoices: true }, meddling: true }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

function server(name: string): FakeGuild {
  return managedGuild(stage.discord, { name, manager: ana, members: [ben] });
}

async function imported(guild: FakeGuild, settings: object): Promise<FakeInteraction> {
  const answer = stage.discord.command(ana, guild, 'settings import', jsonFile(settings));
  await answer.reply();
  return answer;
}

/** The custom id of the button "Undo" of an import. */
function undoOf(answer: FakeInteraction): string {
  return String(answer.components.find(({ label }) => label === 'Undo')?.['custom_id']);
}

test('an import says each change, from what to what, in words and with names, and can be undone', async () => {
  const guild = server('changes');
  const role = guild.addRole('Readers');
  const before = await exportedSettings({ discord: stage.discord, guild, user: ana });
  const { id } = guild.textChannel;
  const answer = await imported(guild, {
    speed: 1.5,
    role: role.id,
    emoji: 'skip',
    channels: [{ id, addedBy: 'admin', volume: 3 }],
    blockedWords: ['one', 'two'],
    bounds: { speed: [0.8, 1.5], volume: [-10, 10], temperature: [0, 1] },
    messageBytes: 500,
    dictionary: { brb: 'be right back' },
  });
  const told = await answer.reply();
  for (const change of [
    /8 changes|9 changes/,
    /Speed\*\*: 1× → 1\.5×/,
    /Role needed\*\*: everyone → <@&\d+>/,
    /Emoji\*\*: Say their name → Leave them out/,
    /Channels\*\*: \+ <#\d+>/,
    /<#\d+>: Volume as in the server → 3 dB/,
    /Blocked words\*\*: \+ one, two/,
    /Members' speed\*\*: 0\.5–2× → 0\.8–1\.5×/,
    /Bytes a message\*\*: 1,000 bytes.* → 500 bytes/,
    /Dictionary\*\*: \+ brb → be right back/,
  ])
    expect(told).toMatch(change);
  expect(told).not.toMatch(/volume|temperature/);
  const undo = stage.discord.press(ana, answer, undoOf(answer));
  expect(await undo.reply()).toMatch(/undone[\s\S]*1\.5× → 1×/);
  expect(await exportedSettings({ discord: stage.discord, guild, user: ana })).toEqual(before);
  expect(undo.components).toEqual([]);
  expect(await (await imported(guild, before)).reply()).toMatch(/Nothing changed/);
});

test('long lists are shortened, and so is the whole', async () => {
  const guild = server('long');
  const dictionary = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`w${n}`, 'x'.repeat(100)]));
  const channels = Array.from({ length: 50 }, (_, n) => ({
    id: guild.addTextChannel({ name: `c${n}` }).id,
    speed: 1.5,
    volume: 2,
  }));
  const told = await (await imported(guild, { dictionary, channels, blockedWords: ['*a*', '`b`'] })).reply();
  expect(told.length).toBeLessThanOrEqual(2_000);
  expect(told).toMatch(/… and \d+ more/);
  expect(told).toContain('Blocked words**: + \\*a\\*');
});

test('what differs only at the end of a long word, or in who added a channel, is a change as well', async () => {
  const guild = server('differs little');
  const { discord } = stage;
  await discord.join(ana, guild.voiceChannel);
  await discord.command(ana, guild, 'join').reply();
  const long = 'be right back my dear friends of the ';
  await imported(guild, { dictionary: { brb: `${long}crew` } });
  expect(await (await imported(guild, { dictionary: { brb: `${long}team` } })).reply()).toMatch(
    /1 change\).*\n.*Dictionary\*\*: \+ brb → be right back.*… · − brb → be right back.*…/,
  );
  expect(await (await imported(guild, { channels: [guild.textChannel.id] })).reply()).toMatch(
    /2 changes.*\n.*Channels\*\*: − <#\d+>\n.*is read until it is removed here/,
  );
  const joined = { channels: [{ id: guild.textChannel.id, addedBy: 'join' }] };
  const back = await imported(guild, joined);
  expect(await back.reply()).toMatch(/1 change\).*\n.*<#\d+>: is read only until the next `\/join`/);
  expect(await exportedSettings({ discord, guild, user: ana })).toMatchObject({
    ...joined,
    dictionary: { brb: `${long}team` },
  });
  expect(await (await imported(guild, joined)).reply()).toMatch(/Nothing changed/);
});

test('an import is not undone after something else was changed, after another import, or twice', async () => {
  const guild = server('since');
  const { discord } = stage;
  const by = { discord, guild, user: ana };
  const first = await imported(guild, { speed: 1.5 });
  await setInPanel(by, { page: 'reading', group: 'words' }, { emoji: 'skip' });
  expect(await discord.press(ana, first, undoOf(first)).reply()).toMatch(/Something else was changed/);
  expect(await exportedSettings({ discord: stage.discord, guild, user: ana })).toMatchObject({
    speed: 1.5,
    emoji: 'skip',
  });
  const second = await imported(guild, { speed: 2 });
  expect(await discord.press(ana, first, undoOf(first)).reply()).toMatch(/another one came after/);
  const id = undoOf(second);
  await discord.press(ana, second, id).reply();
  expect(await exportedSettings({ discord: stage.discord, guild, user: ana })).toMatchObject({
    speed: 1.5,
    emoji: 'skip',
  });
  const forged = (custom_id: string) =>
    discord.forge(ana, second, 'component', { custom_id, component_type: 2 }).reply();
  expect(await forged(id)).toMatch(/undone already/);
  for (const odd of ['undo:', 'undo:x', 'undo:-1', 'undo:__proto__'])
    expect(await forged(odd)).toMatch(/undone already/);
  const word = await imported(guild, { speed: 2 });
  await discord.command(ana, guild, 'dictionary add', { word: 'brb', say: 'be right back' }).reply();
  expect(await discord.press(ana, word, undoOf(word)).reply()).toMatch(/Something else was changed/);
});

test('words that come back by an undo are said to be nobody’s, and not those of whoever undoes it', async () => {
  const guild = server('words by');
  const { discord } = stage;
  const list = () => discord.command(ana, guild, 'dictionary list').reply();
  await discord.command(ben, guild, 'dictionary add', { word: 'brb', say: 'be right back' }).reply();
  await discord.command(ben, guild, 'dictionary add', { word: 'afk', say: 'away' }).reply();
  const answer = await imported(guild, { dictionary: { afk: 'away' } });
  await discord.press(ana, answer, undoOf(answer)).reply();
  expect(await list()).toContain(`afk → away · <@${ben.id}>`);
  expect(await list()).toMatch(/brb → be right back$/m);
});

test('what /join reads since then is no other change, and goes on', async () => {
  const guild = server('joined');
  const { discord } = stage;
  await discord.join(ana, guild.voiceChannel);
  const answer = await imported(guild, { speed: 1.5 });
  await discord.command(ana, guild, 'join').reply();
  await discord.press(ana, answer, undoOf(answer)).reply();
  expect(await exportedSettings({ discord: stage.discord, guild, user: ana })).toMatchObject({
    speed: 1,
    channels: expect.arrayContaining([{ id: guild.textChannel.id, addedBy: 'join' }]) as unknown,
  });
});

test('who may not manage the server undoes nothing', async () => {
  const guild = server('rights');
  const { discord } = stage;
  const answer = await imported(guild, { speed: 1.5 });
  const shown = discord.command(ben, guild, 'help');
  await shown.reply();
  const forged = discord.forge(ben, shown, 'component', { custom_id: undoOf(answer), component_type: 2 });
  expect(await forged.reply()).toMatch(/Manage Server/);
  expect(await exportedSettings({ discord: stage.discord, guild, user: ana })).toMatchObject({ speed: 1.5 });
});

test('an import of more than a day ago stays', async () => {
  const guild = server('late');
  const answer = await imported(guild, { speed: 1.5 });
  await stage.meddle({ do: 'set clock', byMs: DAY_MS + 1_000 });
  try {
    expect(await stage.discord.press(ana, answer, undoOf(answer)).reply()).toMatch(/more than a day ago/);
  } finally {
    await stage.meddle({ do: 'set clock', byMs: -DAY_MS - 1_000 });
  }
  expect(await exportedSettings({ discord: stage.discord, guild, user: ana })).toMatchObject({ speed: 1.5 });
  expect(stage.bot.output).not.toMatch(/command failed|answer failed/);
});

test.each([
  ['voice', (id: string) => ({ voice: id })],
  ['newcomerVoices.1', (id: string) => ({ newcomerVoices: [idOfVoice(stage, 'Robot 7'), id] })],
  ['voices.ja', (id: string) => ({ voices: { ja: id } })],
  ['botVoices.123456789012345678', (id: string) => ({ botVoices: { '123456789012345678': id } })],
])(
  'a file whose %s Fish does not know is refused by name, and nothing is changed',
  async (where, settings) => {
    const guild = server(`import ${where}`);
    const refused = await (await imported(guild, settings('no-such-voice-2'))).reply();
    expect(refused).toContain(where);
    expect(refused).toContain('no-such-voice-2');
    expect(
      JSON.stringify(await exportedSettings({ discord: stage.discord, guild, user: ana })),
    ).not.toContain('no-such-voice-2');
    const taken = await imported(guild, settings(idOfVoice(stage, 'Young Wizard')));
    expect(await taken.reply()).toMatch(/hold from now/);
  },
);

test('a channel’s voice in a file is checked as well, and the panel’s', async () => {
  const guild = server('panel voices');
  const channels = [{ id: guild.textChannel.id, addedBy: 'admin', voice: 'no-such-voice-3' }];
  expect(await (await imported(guild, { channels })).reply()).toContain('channels.0.voice');
  const page = await openPanel({ discord: stage.discord, guild, user: ana }, 'voice');
  const take = (slot: string, voice: string) =>
    stage.discord
      .forge(ana, page, 'component', { custom_id: `settings:v:${slot}:${voice}`, component_type: 2 })
      .reply();
  expect(await take('server', 'no-such-voice-3')).toMatch(/doesn't know a voice “no-such-voice-3”/);
  expect(await take('new', 'no-such-voice-3')).toMatch(/doesn't know a voice/);
  expect(await take('server', idOfVoice(stage, 'Robot 7'))).toMatch(/Server voice\*\*: \*\*Robot 7/);
});
