import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import { chatGuild } from '../support/chat-guild.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
/** In this time the bot would have set a status. */
const WOULD_BE_SET_MS = 3_000;
const SHOWN = 'reads #general · /optout';

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: 10 } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

function allow(guild: FakeGuild): void {
  guild.botPermissions = String(BigInt(guild.botPermissions) | PERMISSION.setVoiceChannelStatus);
}

async function scene(name: string, { allowed = true, status = null as string | null, settings = {} } = {}) {
  const { discord } = stage;
  const { guild } = await chatGuild(stage, {
    name,
    manager: ana,
    settings: { channelStatus: true, ...settings },
  });
  if (allowed) allow(guild);
  if (status) discord.setVoiceStatus(guild.voiceChannel, status);
  const use = (command: string, options = {}) => discord.command(ana, guild, command, options).reply();
  await use('join');
  return { guild, use };
}

const now = (guild: FakeGuild) => stage.discord.voiceStatus(guild.voiceChannel);
const shows = (guild: FakeGuild, text: string | null) =>
  until(`the status ${text}`, () => now(guild) === text, PATIENCE_MS);
const asked = ({ voiceChannel }: FakeGuild) =>
  stage.discord.requests.filter(({ path }) => path === `/channels/${voiceChannel.id}/voice-status`);

test('while it is in the channel the status says what it reads; then it is as it was', async () => {
  const { guild, use } = await scene('shown', { status: 'Game night' });
  await shows(guild, SHOWN);
  await use('leave');
  expect(now(guild), 'once the answer is there').toBe('Game night');
  await use('join');
  await shows(guild, SHOWN);
  await use('leave');
  expect(now(guild)).toBe('Game night');
});

test('who asks for the bot while somebody sends it away has it back', async () => {
  const { guild, use } = await scene('away and back');
  const ben = stage.discord.addUser('Ben');
  guild.addMember(ben, {});
  const listener = await stage.discord.join(ben, guild.voiceChannel);
  await shows(guild, SHOWN);
  const leave = use('leave');
  const join = stage.discord.command(ben, guild, 'join').reply();
  await leave;
  expect(await join).toContain('<#');
  stage.discord.message(ben, guild.textChannel, 'Still here?');
  await until('it is heard', () => linesHeard(stage.fish, [listener]).length > 0, PATIENCE_MS);
});

test('a channel without a status has none afterwards; alone, the bot shows nothing', async () => {
  const { guild, use } = await scene('none before');
  await shows(guild, SHOWN);
  await stage.discord.leave(ana, guild);
  await shows(guild, null);
  await stage.discord.join(ana, guild.voiceChannel);
  await shows(guild, SHOWN);
  await use('leave');
  expect(now(guild)).toBeNull();
});

test('what somebody changes meanwhile is left alone', async () => {
  const { guild, use } = await scene('changed', { status: 'Game night' });
  await shows(guild, SHOWN);
  stage.discord.setVoiceStatus(guild.voiceChannel, 'Movie night');
  await sleep(WOULD_BE_SET_MS);
  expect(now(guild)).toBe('Movie night');
  await use('leave');
  await sleep(WOULD_BE_SET_MS);
  expect(now(guild)).toBe('Movie night');
});

test('without the permission, or the setting, nothing is asked of Discord', async () => {
  const without = await scene('no permission', { allowed: false });
  const off = await scene('off', { settings: { channelStatus: false } });
  await sleep(WOULD_BE_SET_MS);
  for (const { guild } of [without, off]) expect(asked(guild)).toEqual([]);
  allow(without.guild);
  await shows(without.guild, SHOWN);
});

test('it follows the settings, and names no channel that some who see the status may not see', async () => {
  const { discord } = stage;
  const { guild, use } = await scene('settings');
  await shows(guild, SHOWN);
  const staff = guild.addTextChannel({
    name: 'staff-only',
    permissionOverwrites: [
      ...[...guild.roles.values()]
        .filter(({ name }) => name === 'People')
        .map(({ id }) => ({ id, type: 0, allow: '0', deny: String(PERMISSION.viewChannel) }) as const),
      { id: ana.id, type: 1, allow: String(PERMISSION.viewChannel), deny: '0' },
    ],
  });
  const open = guild.addTextChannel({ name: 'open' });
  const change = async (settings: object) => {
    const bytes = Buffer.from(JSON.stringify({ announce: 'never', ...settings }));
    const file = { name: 'settings.json', bytes };
    await discord.command(ana, guild, 'settings import', { file }).reply();
  };
  await change({ channelStatus: true, channels: [staff.id, open.id] });
  await shows(guild, 'reads #open · /optout');
  await change({ channelStatus: true, channels: [staff.id] });
  await shows(guild, 'reads this chat · /optout');
  guild.locale = 'de';
  await use('join');
  await shows(guild, 'liest #general vor · /optout');
  await change({ channelStatus: false });
  await shows(guild, null);
});
