import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { asText, formAsText } from '../support/components-as-text.ts';
import {
  exportedSettings,
  fillIn,
  openForm,
  openPanel,
  type PanelUser,
  pressLabelled,
  setInPanel,
} from '../support/panel.ts';
import { type Stage, startStage } from '../support/stage.ts';

const MANAGE_GUILD = String(1n << 5n);
const SOUND = { page: 'voice', group: 'sound' };
const CAPS = { page: 'limits', group: 'caps' };
const CHANNELS = { page: 'reading', group: 'channels' };

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben', { locale: 'de' });
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server that Ana and Ben manage. */
function server(name: string): { guild: FakeGuild; byAna: PanelUser; byBen: PanelUser } {
  const { discord } = stage;
  const guild = discord.addGuild({ name });
  for (const user of [ana, ben]) guild.addMember(user, { permissions: MANAGE_GUILD });
  return { guild, byAna: { discord, guild, user: ana }, byBen: { discord, guild, user: ben } };
}

const press = (user: FakeUser, shown: FakeInteraction, label: string, nth = 0) =>
  pressLabelled(stage.discord, user, shown, { label, nth });
const seen = (shown: FakeInteraction) => asText(shown.message?.fields['components']);

async function formOf(opened: FakeInteraction): Promise<string> {
  const { body } = await opened.firstResponse;
  return formAsText(body['data'] as object);
}

test('what is chosen and typed in a form is saved, and shown', async () => {
  const { guild, byAna } = server('panel');
  const role = guild.addRole('Readers');
  const words = await setInPanel(byAna, { page: 'reading', group: 'words' }, { emoji: 'skip', tags: true });
  expect(seen(words)).toMatch(/Emoji\*\*: Leave them out/);
  const whose = { whose: 'optin', role: [role], toggles: ['requireVoice', 'bots'] };
  const people = await setInPanel(byAna, { page: 'people', group: 'whose' }, whose);
  expect(seen(people)).toMatch(/Role needed\*\*: <@&\d+>/);
  await setInPanel(
    byAna,
    { page: 'reading', group: 'messages' },
    {
      maxSeconds: '45 seconds',
      skipPrefix: '; !',
      blockedWords: 'foo\n two words \n\n',
    },
  );
  await setInPanel(
    byAna,
    { page: 'voice', group: 'bounds' },
    {
      'speed.low': '0,8',
      'speed.high': '1.5',
      'volume.low': '−3',
      'volume.high': '3',
    },
  );
  await setInPanel(byAna, { page: 'voice', group: 'liveliness' }, { 'temperature.high': '90 %' });
  await setInPanel(byAna, { page: 'voice', group: 'spoken' }, { language: ['de'], announce: 'never' });
  expect(await exportedSettings(byAna)).toMatchObject({
    emoji: 'skip',
    tags: true,
    whose: 'optin',
    role: role.id,
    requireVoice: true,
    bots: true,
    maxSeconds: 45,
    skipPrefix: '; !',
    blockedWords: ['foo', 'two words'],
    bounds: { speed: [0.8, 1.5], volume: [-3, 3], temperature: [0, 0.9] },
    language: 'de',
    announce: 'never',
  });
});

test('a form that has a mistake in it saves nothing, says all that is wrong, and opens again with what was typed', async () => {
  const { byAna } = server('mistakes');
  const before = await exportedSettings(byAna);
  const wrong = await fillIn(byAna, await openPanel(byAna, 'voice'), SOUND, {
    speed: '7',
    volume: 'loud',
    temperature: '0.7',
  });
  expect(seen(wrong)).toMatch(/Speed\*\*: 7 — from 0\.5 to 2×/);
  expect(seen(wrong)).toMatch(/Volume\*\*: loud — from −20 to 20 dB/);
  expect(await exportedSettings(byAna)).toEqual(before);
  const again = await press(ana, wrong, 'Try again');
  const form = await formOf(again);
  for (const typed of ['|7|', '|loud|', '|0.7|']) expect(form).toContain(typed);
  const still = stage.discord.submit(ana, again, { speed: '1,5' });
  await still.reply();
  expect(seen(still)).not.toMatch(/Speed\*\*: .* — from/);
  expect(seen(still)).toMatch(/Volume\*\*: loud — from/);
  const right = stage.discord.submit(ana, await press(ana, still, 'Try again'), { volume: '3' });
  await right.reply();
  expect(seen(right)).not.toContain('Try again');
  expect(await exportedSettings(byAna)).toEqual({ ...before, speed: 1.5, volume: 3, temperature: 0.7 });
});

test('numbers are typed and shown as people write them in their language', async () => {
  const { byAna, byBen } = server('numbers');
  for (const [typed, value] of [
    ['1,000,000', 1_000_000],
    ['2.000.000', 2_000_000],
    ['3 000 000', 3_000_000],
    ['４０００００', 400_000],
    ['50万', 500_000],
  ] as const) {
    await setInPanel(byAna, CAPS, { serverBytesPerDay: typed });
    expect(await exportedSettings(byAna)).toMatchObject({ serverBytesPerDay: value });
  }
  const german = await setInPanel(byBen, SOUND, { speed: '0,75' });
  expect(seen(german)).toMatch(/Tempo\*\*: 0,75×/);
  const caps = await openPanel(byBen, 'limits');
  expect(seen(caps)).toMatch(/500\.000\sByte ≈ 9,3\sStd\. · 7,50\s\$/);
  expect(await formOf(await openForm(byBen, caps, CAPS))).toContain('|500.000|');
  expect(seen(await setInPanel(byBen, CAPS, { messageBytes: '10' }))).toMatch(/10 — .* von 20 bis 8\.000/);
});

test('two who change the same page at once undo nothing of each other', async () => {
  const { guild, byAna, byBen } = server('two');
  const [anas, bens] = [await openPanel(byAna, 'voice'), await openPanel(byBen, 'voice')];
  const [first, second] = [await openForm(byAna, anas, SOUND), await openForm(byBen, bens, SOUND)];
  await stage.discord.submit(ben, second, { speed: '1,5' }).reply();
  await stage.discord.submit(ana, first, { volume: '3' }).reply();
  expect(await exportedSettings(byAna)).toMatchObject({ speed: 1.5, volume: 3 });
  const [one, other] = [guild.addTextChannel({ name: 'one' }), guild.addTextChannel({ name: 'other' })];
  const [third, fourth] = [
    await openForm(byAna, await openPanel(byAna, 'reading'), CHANNELS),
    await openForm(byBen, await openPanel(byBen, 'reading'), CHANNELS),
  ];
  await stage.discord.submit(ana, third, { channels: [one] }).reply();
  await stage.discord.submit(ben, fourth, { channels: [other] }).reply();
  const channels = (await exportedSettings(byAna))['channels'] as { id: string }[];
  expect(channels.map(({ id }) => id).sort()).toEqual([one.id, other.id].sort());
});

test('a form whose panel was dismissed meanwhile is saved, and a new panel shows it', async () => {
  const { byAna } = server('dismissed');
  const { discord } = stage;
  const panel = await openPanel(byAna, 'voice');
  const form = await openForm(byAna, panel, SOUND);
  if (panel.message) discord.deleteMessage(panel.message);
  const sent = discord.submit(ana, form, { speed: '1.5' });
  await sent.reply();
  expect(seen(sent)).toMatch(/Speed\*\*: 1\.5×/);
  expect(sent.ephemeral).toBe(true);
  expect(await exportedSettings(byAna)).toMatchObject({ speed: 1.5 });
});

test('a voice is looked for by words, seen with its cover, taken by a button, and shown by its name', async () => {
  const { byAna } = server('voices');
  const { discord } = stage;
  const picker = await press(ana, await openPanel(byAna, 'voice'), 'Choose');
  await picker.reply();
  expect(picker.components.some(one => one['type'] === 11)).toBe(true);
  const found = discord.submit(ana, await press(ana, picker, 'Search'), { value: 'calm german' });
  await found.reply();
  expect(seen(found)).toContain('calm german');
  expect(
    seen(found)
      .split('\n')
      .find(line => line.startsWith('German')),
  ).toBeTruthy();
  const [first = ''] =
    seen(found)
      .split('▨')[0]
      ?.split('\n')
      .filter(line => line.startsWith('**')) ?? [];
  const taken = await press(ana, found, 'Take');
  await taken.reply();
  expect(seen(taken)).toContain(`Server voice**: ${first.slice(0, -2)}`);
  expect(seen(taken)).not.toMatch(/[0-9a-f]{32}/);
  const { voice } = await exportedSettings(byAna);
  expect(voice).toMatch(/^[0-9a-f]{32}$/);
  const by = await press(ana, taken, 'Choose');
  const byId = discord.submit(ana, await press(ana, by, 'Search'), {
    value: `https://fish.audio/m/${String(voice)}/`,
  });
  await byId.reply();
  expect(seen(byId)).toContain('1 voice, page 1 of 1');
  await (await press(ana, byId, 'Standard')).reply();
  expect(await exportedSettings(byAna)).toMatchObject({ voice: null });
});

test('voices for newcomers and for bots: added by search, taken out of a menu', async () => {
  const { guild, byAna } = server('lists');
  const { discord } = stage;
  let page = await openPanel(byAna, 'voice');
  for (const nth of [0, 1]) {
    page = await press(ana, await press(ana, page, 'Add'), 'Take', nth);
    await page.reply();
  }
  const { newcomerVoices } = (await exportedSettings(byAna)) as { newcomerVoices: string[] };
  expect(newcomerVoices).toHaveLength(2);
  const menu = 'settings:keep:newcomerVoices';
  await discord.choose(ana, page, menu, newcomerVoices.slice(1)).reply();
  expect(await exportedSettings(byAna)).toMatchObject({ newcomerVoices: newcomerVoices.slice(1) });

  const robot = discord.addUser('Robot', { bot: true });
  guild.addMember(robot);
  const people = await openPanel(byAna, 'people');
  expect(await discord.choose(ana, people, 'settings:bot', [ben]).reply()).toMatch(/is a person/);
  const picker = discord.choose(ana, people, 'settings:bot', [robot]);
  await picker.reply();
  const taken = await press(ana, picker, 'Take');
  await taken.reply();
  expect(seen(taken)).toContain(`<@${robot.id}> → **`);
  expect(Object.keys((await exportedSettings(byAna))['botVoices'] as object)).toEqual([robot.id]);
  await discord.choose(ana, taken, 'settings:keep:botVoices', []).reply();
  expect(await exportedSettings(byAna)).toMatchObject({ botVoices: {} });
});

test('a language gets a voice that speaks it, and gives it back', async () => {
  const { byAna, byBen } = server('languages');
  const { discord } = stage;
  const picker = discord.choose(ana, await openPanel(byAna, 'voice'), 'settings:pick:lang', ['ja']);
  await picker.reply();
  expect(seen(picker)).toContain('Voices by language: Japanese');
  const taken = await press(ana, picker, 'Take');
  await taken.reply();
  expect(seen(taken)).toMatch(/Voices by language\*\*: Japanese → \*\*.*ja/);
  expect(Object.keys((await exportedSettings(byAna))['voices'] as object)).toEqual(['ja']);
  const again = discord.choose(ben, await openPanel(byBen, 'voice'), 'settings:pick:lang', ['ja']);
  await again.reply();
  expect(seen(again)).toContain('Japanisch');
  await (await press(ben, again, 'Standard')).reply();
  expect(await exportedSettings(byAna)).toMatchObject({ voices: {} });
});

test('a webhook is named by a message that it wrote', async () => {
  const { guild, byAna } = server('webhooks');
  const { discord } = stage;
  const mayLookBack = {
    id: discord.applicationId,
    type: 1,
    allow: String(PERMISSION.readMessageHistory),
    deny: '0',
  } as const;
  guild.setOverwrites(guild.textChannel, [mayLookBack]);
  const message = discord.message(ana, guild.textChannel, 'Deployed.', { webhook: { name: 'Deploys' } });
  const written = discord.message(ben, guild.textChannel, 'By a person.');
  const link = (id: string) => `https://discord.com/channels/${guild.id}/${guild.textChannel.id}/${id}`;
  const ask = async (value: string) =>
    discord.submit(ana, await press(ana, await openPanel(byAna, 'people'), 'Webhook'), { value });
  for (const wrong of ['nonsense', link(written.id), link('123456789012345678')])
    expect(await (await ask(wrong)).reply(), wrong).toMatch(/no message of a bot or webhook/);
  const picker = await ask(link(message.id));
  expect(await picker.reply()).toContain('Voices of bots');
  await (await press(ana, picker, 'Take')).reply();
  expect(Object.keys((await exportedSettings(byAna))['botVoices'] as object)).toHaveLength(1);
});

test('none of this is an error of the bot', () => {
  expect(stage.bot.output).not.toMatch(/command failed|answer failed/);
});
