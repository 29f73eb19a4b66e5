import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { asText, formAsText } from '../support/components-as-text.ts';
import { jsonFile, managedGuild } from '../support/managed-guild.ts';
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

/** What channels have for themselves in the panel, and channels that leave the list meanwhile. */

const CHANNELS = { page: 'reading', group: 'channels' };
const WHOSE = { page: 'people', group: 'whose' };

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({}, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

function server(name: string): { guild: FakeGuild; byAna: PanelUser } {
  const { discord } = stage;
  const guild = managedGuild(discord, { name, manager: ana });
  return { guild, byAna: { discord, guild, user: ana } };
}

/** Has channels read, as an imported file does. */
async function readIn(guild: FakeGuild, channels: readonly FakeChannel[]): Promise<void> {
  const file = jsonFile({ channels: channels.map(({ id }) => id) });
  await stage.discord.command(ana, guild, 'settings import', file).reply();
}

const press = (user: FakeUser, shown: FakeInteraction, label: string) =>
  pressLabelled(stage.discord, user, shown, { label });

test('a channel may have some of it otherwise, and go back to the server’s', async () => {
  const { guild, byAna } = server('channel');
  const { discord } = stage;
  await setInPanel(byAna, CHANNELS, { channels: [guild.textChannel] });
  const people = await openPanel(byAna, 'people');
  const { id } = guild.textChannel;
  const chosen = discord.choose(ana, people, 'settings:for:people', [id]);
  expect(await chosen.reply()).toContain(`<#${id}>`);
  await fillIn(byAna, chosen, { ...WHOSE, channelId: id }, { toggles: [] });
  expect(await exportedSettings(byAna)).toMatchObject({
    requireVoice: true,
    channels: [{ id, addedBy: 'admin', requireVoice: false }],
  });
  const voice = discord.choose(ana, await openPanel(byAna, 'voice'), 'settings:for:voice', [id]);
  await voice.reply();
  const picker = await press(ana, voice, 'Choose');
  await (await press(ana, picker, 'Take')).reply();
  expect((await exportedSettings(byAna))['channels']).toMatchObject([
    { voice: expect.stringMatching(/^\w{32}$/) as string },
  ]);
  await discord.press(ana, chosen, `settings:plain:people::${id}`).reply();
  expect((await exportedSettings(byAna))['channels']).toEqual([{ id, addedBy: 'admin' }]);
});

test('of a channel that only `/join` added, it is told that its own settings end with the next `/join`', async () => {
  const { guild, byAna } = server('of a join');
  const { discord } = stage;
  await discord.join(ana, guild.voiceChannel);
  await discord.command(ana, guild, 'join').reply();
  const { id } = guild.textChannel;
  const chosen = async () =>
    await discord.choose(ana, await openPanel(byAna, 'people'), 'settings:for:people', [id]).reply();
  expect(await chosen()).toMatch(/until the next `\/join` .* on the page “Reading”/);
  await setInPanel(byAna, CHANNELS, { channels: [guild.textChannel] });
  expect(await chosen()).not.toContain('until the next');
});

test('more channels than a menu shows stay as they are', async () => {
  const { guild, byAna } = server('many channels');
  const channels = Array.from({ length: 27 }, (_, index) => guild.addTextChannel({ name: `room-${index}` }));
  await readIn(guild, channels);
  await setInPanel(byAna, CHANNELS, { channels: channels.slice(0, 20) });
  const left = ((await exportedSettings(byAna))['channels'] as { id: string }[]).map(({ id }) => id);
  expect(left).toEqual([...channels.slice(0, 20), ...channels.slice(25)].map(({ id }) => id));
});

test('each of the most channels that a server can have may have something otherwise', async () => {
  const { guild, byAna } = server('all channels');
  const { discord } = stage;
  const channels = Array.from({ length: 50 }, (_, index) => guild.addTextChannel({ name: `room-${index}` }));
  await readIn(guild, channels);
  const menuOf = (shown: FakeInteraction) =>
    shown.components.find(one => one['custom_id'] === 'settings:for:people')?.['options'] as {
      readonly value: string;
      readonly label: string;
    }[];
  let shown = await openPanel(byAna, 'people');
  const parts = menuOf(shown).filter(({ label }) => label.startsWith('Channels '));
  expect(parts.map(({ label }) => label)).toEqual(['Channels 23–44 of 50', 'Channels 45–50 of 50']);
  const offered = new Set(menuOf(shown).map(({ label }) => label));
  for (const { value } of parts) {
    shown = discord.choose(ana, await openPanel(byAna, 'people'), 'settings:for:people', [value]);
    await shown.reply();
    for (const { label } of menuOf(shown)) offered.add(label);
  }
  for (const { name } of channels) expect(offered).toContain(`#${name}`);
  const last = channels.at(-1)?.id ?? '';
  const chosen = discord.choose(ana, shown, 'settings:for:people', [last]);
  expect(await chosen.reply()).toContain(`<#${last}>`);
  expect(menuOf(chosen).map(({ label }) => label)).toContain('#room-49');
  await fillIn(byAna, chosen, { ...WHOSE, channelId: last }, { toggles: [] });
  const kept = (await exportedSettings(byAna))['channels'] as object[];
  expect(kept.at(-1)).toEqual({ id: last, addedBy: 'admin', requireVoice: false });
});

test('a channel that has left the list meanwhile is named as the reason', async () => {
  const { guild, byAna } = server('left');
  const { discord } = stage;
  const { textChannel } = guild;
  const channelId = textChannel.id;
  await readIn(guild, [textChannel]);
  const people = discord.choose(ana, await openPanel(byAna, 'people'), 'settings:for:people', [channelId]);
  await people.reply();
  const form = await openForm(byAna, people, { ...WHOSE, channelId });
  const voice = discord.choose(ana, await openPanel(byAna, 'voice'), 'settings:for:voice', [channelId]);
  await voice.reply();
  const picker = await press(ana, voice, 'Choose');
  await readIn(guild, []);
  const uses = [
    discord.submit(ana, form, { toggles: [] }),
    await press(ana, picker, 'Take'),
    discord.press(ana, people, `settings:plain:people::${channelId}`),
    discord.choose(ana, people, 'settings:for:people', [channelId]),
  ];
  for (const use of uses) expect(await use.reply()).toMatch(/isn't among those I read any more/);
  expect(await exportedSettings(byAna)).toMatchObject({ channels: [], requireVoice: true, voice: null });
});

/** Discord answers 500 to whatever has half a character in it, and the caller would see no answer at all. */

test('a search for more than a button holds is cut between whole characters', async () => {
  const { guild } = server('wide');
  const { discord } = stage;
  const query = `english a${'😀'.repeat(36)}`;
  const search = discord.command(ana, guild, 'voice search', { query });
  expect(await search.reply()).toContain('page 1 of');
  const [, next] = search.components.filter(one => String(one['custom_id']).startsWith('voices:page:'));
  expect(next?.['custom_id']).toBe(`voices:page:2:english a${'😀'.repeat(35)}`);
});

test('so is a search in the panel', async () => {
  const { byAna } = server('wide panel');
  const picker = await press(ana, await openPanel(byAna, 'voice'), 'Choose');
  const value = `english a${'😀'.repeat(21)}`;
  const found = stage.discord.submit(ana, await press(ana, picker, 'Search'), { value });
  await found.reply();
  const shown = asText(found.message?.fields['components']);
  expect(shown).toContain(`english a${'😀'.repeat(20)}`);
  expect(shown).not.toContain('😀'.repeat(21));
});

test('a form of the panel opens with all that was saved', async () => {
  const { byAna: by } = server('wide form');
  const skipPrefix = `a${'😀'.repeat(39)}`;
  const form = { page: 'reading', group: 'messages' };
  const saved = await fillIn(by, await openPanel(by, 'reading'), form, { skipPrefix });
  const { body } = await (await openForm(by, saved, form)).firstResponse;
  expect(formAsText(body['data'] as object)).toContain(`|${skipPrefix}|`);
});
