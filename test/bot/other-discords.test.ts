import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { isRecord, type JsonObject } from '../sandbox/discord/json.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

// A proxy, or another implementation of Discord's protocol, may leave out or null what the library takes for granted.

const PERMISSIONS = String((1n << 5n) | (1n << 22n));
const PATIENCE_MS = 90_000;

let stage: Stage;
let ana: FakeUser;
let bo: FakeUser;
let guild: FakeGuild;

/** The event without these fields. */
const without = (data: JsonObject, fields: readonly string[]) =>
  Object.fromEntries(Object.entries(data).filter(([key]) => !fields.includes(key)));

/** Has the gateway tell each event of this name as `change` returns it. */
function tells(name: string, change: (data: JsonObject) => object): void {
  stage.discord.faults.toldAs = (event, data) => (event === name ? change(data) : data);
}

/** Has each interaction bring the command's data as `change` returns it. */
function tellsUse(change: (data: JsonObject) => object): void {
  tells('INTERACTION_CREATE', event => ({
    ...event,
    data: isRecord(event['data']) ? change(event['data']) : null,
  }));
}

beforeAll(async () => {
  const faults = {
    restRefusals: {
      path: /\/commands$/u,
      method: 'GET',
      status: 404,
      code: 0,
      times: Number.POSITIVE_INFINITY,
    },
    toldAs: (event: string, data: JsonObject) =>
      event === 'GUILD_CREATE' ? without(data, ['members']) : data,
  };
  stage = await startStage({ fish: { packets: 15 }, faults }, discord => {
    ana = discord.addUser('Ana');
    bo = discord.addUser('Bo');
    guild = discord.addGuild({ name: 'sparse' });
    guild.addMember(ana, { permissions: PERMISSIONS });
    guild.addMember(bo);
  });
  const { discord } = stage;
  await discord.join(ana, guild.voiceChannel);
  await until('commands, though Discord does not list them', () => discord.registered.length > 0);
}, PATIENCE_MS);
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  stage.discord.faults.toldAs = undefined;
});

function use(name: string, options = {}): FakeInteraction {
  return stage.discord.command(ana, guild, name, options);
}

test(
  'the bot is heard in a guild that came without its own member',
  async () => {
    expect(await use('join').reply()).toContain(guild.voiceChannel.id);
    stage.discord.message(ana, guild.textChannel, 'Is anybody there?');
    await until('the line', () => stage.fish.sessions.some(({ text }) => text.includes('anybody there')));
  },
  PATIENCE_MS,
);

test(
  'a voice server named with its scheme is reached',
  async () => {
    tells('VOICE_SERVER_UPDATE', event => ({ ...event, endpoint: `wss://${String(event['endpoint'])}` }));
    await use('leave').reply();
    await use('join').reply();
    stage.discord.message(ana, guild.textChannel, 'Over another address.');
    await until('the line', () => stage.fish.sessions.some(({ text }) => text.includes('another address')));
  },
  PATIENCE_MS,
);

test.each([
  'entitlements',
  'authorizing_integration_owners',
  'locale',
  'app_permissions',
  'guild_locale',
  'guild',
  'channel',
])(
  'an interaction without %s, or with null in its place, is answered',
  async field => {
    tells('INTERACTION_CREATE', event => without(event, [field]));
    expect(await use('help').reply()).toMatch(/\/say/);
    tells('INTERACTION_CREATE', event => ({ ...event, [field]: null }));
    expect(await use('help').reply()).toMatch(/\/say/);
  },
  PATIENCE_MS,
);

test('an interaction whose guild is named once is answered', async () => {
  tells('INTERACTION_CREATE', event => without(event, ['guild_id']));
  expect(await use('help').reply()).toMatch(/\/say/);
});

test('an interaction that only has the id of its channel has that channel read', async () => {
  tells('INTERACTION_CREATE', event => without(event, ['channel']));
  expect(await use('join').reply()).toContain(guild.textChannel.id);
});

test('a command of no type, with nulls for what it does not have, is answered', async () => {
  tellsUse(data => ({ ...without(data, ['type']), resolved: null, target_id: null }));
  expect(await use('help').reply()).toMatch(/\/say/);
});

test('a message with nulls for what it does not have is read', async () => {
  tells('MESSAGE_CREATE', event => ({ ...event, application: null, components: null, flags: null }));
  stage.discord.message(ana, guild.textChannel, 'Nothing is null and void.');
  await until('the line', () => stage.fish.sessions.some(({ text }) => text.includes('null and void')));
});

test('what is named without its data is found all the same', async () => {
  tellsUse(data => without(data, ['resolved']));
  expect(await use('ignore', { member: bo }).reply()).toContain(bo.id);
  expect(await use('unignore', { member: bo }).reply()).toContain(bo.id);
  expect(await use('name', { say: 'Anna', member: ana }).reply()).toContain('Anna');
  expect(await use('join', { channel: guild.voiceChannel }).reply()).toContain(guild.voiceChannel.id);
});

test('a channel that is none for voice is refused in words, and the bot stays where it is', async () => {
  const named = (id: string) =>
    tellsUse(data => ({ ...data, resolved: {}, options: [{ name: 'channel', type: 7, value: id }] }));
  for (const id of [guild.textChannel.id, '1']) {
    named(id);
    expect(await use('join').reply()).toContain('choose a voice channel');
  }
});

test('a command and a button of another version are told so', async () => {
  tellsUse(data => ({ ...data, name: 'teleport' }));
  expect(await use('help').reply()).toContain('another version');
  stage.discord.faults.toldAs = undefined;
  const joined = use('join');
  await joined.reply();
  tellsUse(data => ({ ...data, custom_id: 'teleporter:on' }));
  expect(await stage.discord.press(ana, joined, 'steer:queue').reply()).toContain('another version');
});

test(
  'what the gateway says in binary frames, uncompressed, is understood',
  async () => {
    await use('join').reply();
    const { discord } = stage;
    discord.faults.binaryGateway = true;
    discord.closeGateway(1001);
    const text = 'By whatever frame.';
    await until(
      'the line',
      async () => {
        discord.message(ana, guild.textChannel, text);
        await sleep(1_000);
        return stage.fish.sessions.some(session => session.text.includes(text));
      },
      PATIENCE_MS / 3,
    );
    expect(stage.bot.output).not.toMatch(/a fault at the gateway/);
    delete discord.faults.binaryGateway;
  },
  PATIENCE_MS,
);

test('a command where the bot is not a member is told so', async () => {
  tells('INTERACTION_CREATE', event => ({ ...without(event, ['guild']), guild_id: '1' }));
  expect(await use('help').reply()).toContain('not a member');
});
