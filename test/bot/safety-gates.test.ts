import { afterAll, beforeAll, expect, test } from 'vitest';
import { wav } from '../audio/recording/recordings.ts';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { linesHeard } from '../support/heard.ts';
import { jsonFile, managedGuild } from '../support/managed-guild.ts';
import { openPanel } from '../support/panel.ts';
import { addUsers, type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;
let mod: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 15 } }, discord => {
    [ana, ben, mod] = addUsers(discord, 'Ana', 'Ben', 'Mod');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server that Ana manages and Mod moderates, with all of them in its voice channel, and the bot. */
async function server(name: string, settings: object) {
  const { discord } = stage;
  const guild = managedGuild(discord, { name, manager: ana, moderator: mod, members: [ben] });
  const listener = await discord.join(ana, guild.voiceChannel);
  for (const user of [ben, mod]) await discord.join(user, guild.voiceChannel);
  await imported(guild, settings);
  await use(guild, 'join').reply();
  return { guild, listener };
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

async function imported(guild: FakeGuild, settings: object): Promise<void> {
  expect(await use(guild, 'settings import', jsonFile(settings)).reply()).toMatch(
    /hold from now on|holds already/,
  );
}

test('a server may leave other people’s lines to moderators; one’s own are one’s own', async () => {
  const { guild } = await server('moderated', { skipOthers: false });
  stage.fish.behaviour.packets = 1_500; // half a minute
  await use(guild, 'say', { text: 'A line of Ana’s.' }).reply();
  const isHeard = async () => /Now: \*\*Ana\*\*/.test(await use(guild, 'queue').reply());
  await until('Ana’s line is heard', isHeard);
  for (const name of ['skip', 'pause', 'leave', 'stop'])
    expect(await use(guild, name, {}, ben).reply(), name).toMatch(/moderators/);
  await use(guild, 'say', { text: 'Ben waits again.' }, ben).reply();
  expect(await use(guild, 'stop', {}, ben).reply()).toMatch(/Your line/);
  expect(await use(guild, 'queue').reply()).toMatch(/Now: \*\*Ana\*\*/);
  expect(await use(guild, 'skip', {}, mod).reply()).toBe('Skipped.');
  await use(guild, 'say', { text: 'Ana’s last.' }).reply();
  expect(await use(guild, 'leave', {}, mod).reply()).toMatch(/I left/);
  stage.fish.behaviour.packets = 15;
});

test('those who have not the role of a server’s readers are not read', async () => {
  const { guild, listener } = await server('role', {});
  const role = guild.addRole('Readers');
  guild.setRoles(ben, [role]);
  await imported(guild, { role: role.id });
  const unread = stage.discord.message(ana, guild.textChannel, 'Ana has not the role.');
  stage.discord.message(ben, guild.textChannel, 'Ben has it.');
  await until('Ben is heard', () => linesHeard(stage.fish, [listener]).length > 0);
  expect(linesHeard(stage.fish, [listener]).map(({ text }) => text)).toEqual(['Ben said: Ben has it.']);
  expect(await use(guild, 'why', { message: unread.id }).reply()).toMatch(/role/);
});

test('the cap of a message, in the bytes that Fish Audio bills, whatever they spell', async () => {
  const { guild } = await server('message cap', { messageBytes: 40, announce: 'never' });
  for (const text of ['word '.repeat(50), 'こんにちは、世界。'.repeat(20), '🐟 '.repeat(50)]) {
    const before = stage.fish.sessions.length;
    await use(guild, 'voicemessage', { text }).reply();
    const [session, ...others] = stage.fish.sessions.slice(before);
    expect(others).toEqual([]);
    expect(session?.bytes).toBeGreaterThan(0);
    expect(session?.bytes).toBeLessThanOrEqual(40);
  }
});

test('a private voice that stands in the settings is still its owner’s alone', async () => {
  // Today it can stand there only if it was written before the voice was somebody's.
  const [voice, ofNewcomers] = ['c'.repeat(32), 'd'.repeat(32)];
  for (const id of [voice, ofNewcomers]) stage.fish.library.know(id);
  const { guild, listener } = await server('private voice', {
    clone: true,
    voice,
    newcomerVoices: [ofNewcomers],
  });
  const audio = { name: 'me.wav', contentType: 'audio/wav', bytes: wav(12) };
  const heard = () => linesHeard(stage.fish, [listener]);
  for (const id of [ofNewcomers, voice]) {
    stage.fish.library.nextId = id;
    const made = use(guild, 'voice clone', { name: `Ben ${id[0]}`, audio, consent: true }, ben);
    await until('the voice is ready', () => made.followUps.length > 0);
    const before = heard().length;
    stage.discord.message(ana, guild.textChannel, `In whose voice ${before}?`);
    await until('it is heard', () => heard().length > before);
    expect(heard().at(-1)?.voice).not.toBe(id);
  }
  const before = heard().length;
  stage.discord.message(ben, guild.textChannel, 'In my own.');
  await until('it is heard', () => heard().length > before);
  expect(heard().at(-1)?.voice).toBe(voice);
  const own = use(guild, 'voice clone', { name: 'Ana', audio, consent: true });
  await until('the voice is ready', () => own.followUps.length > 0);
  const voiceOfAna = stage.fish.library.made.at(-1)?.id ?? '';
  expect(await use(guild, 'voice server', { voice: voiceOfAna }).reply()).toMatch(/can't be the server's/);
  const press = async (shown: FakeInteraction, label: string) => {
    await shown.reply();
    return stage.discord.press(
      ana,
      shown,
      String(shown.components.find(one => one['label'] === label)?.['custom_id']),
    );
  };
  const picker = await press(
    await openPanel({ discord: stage.discord, guild, user: ana }, 'voice'),
    'Choose',
  );
  const found = stage.discord.submit(ana, await press(picker, 'Search'), { value: voiceOfAna });
  expect(await (await press(found, 'Take')).reply()).toMatch(/can't be the server's/);
});
