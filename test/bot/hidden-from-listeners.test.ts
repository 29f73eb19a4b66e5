import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeChannel } from '../sandbox/discord/channel.ts';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { chatGuild } from '../support/chat-guild.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** 4 s of speech: time enough for somebody to come while a line is heard. */
const PACKETS = 200;
/** Packets are on their way while somebody comes, and a busy machine is slow. Of a line that goes on more are heard. */
const ON_THE_WAY_PACKETS = 75;
const PATIENCE_MS = 60_000;

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: PACKETS } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** What keeps Ben from seeing a channel. */
const secret = () => ({
  permissionOverwrites: [{ id: ben.id, type: 1, allow: '0', deny: String(PERMISSION.viewChannel) }] as const,
});

function use(guild: FakeGuild, name: string, options = {}, where = {}, user = ana) {
  return stage.discord.command(user, guild, name, options, where).reply();
}

const write = (channel: FakeChannel, text: string) => stage.discord.message(ana, channel, text);

/** How many packets somebody has heard of what was said with these words in it. */
function heardOf(listener: Listener, words: string): number {
  const said = stage.fish.sessions.filter(({ text }) => text.includes(words));
  const own = new Set(said.flatMap(({ packets }) => packets.map(packet => packet.toString('latin1'))));
  return listener.speech().filter(packet => own.has(packet.toString('latin1'))).length;
}

test(
  'who comes hears nothing of a channel that they may not see: what is being heard of it ends, what waits is left out',
  async () => {
    const { guild, listener } = await chatGuild(stage, { name: 'newcomer', manager: ana, others: [ben] });
    const hidden = guild.addTextChannel({ name: 'plans', ...secret() });
    await use(guild, 'join', {}, { channel: hidden });
    write(hidden, 'The first secret.');
    await until('its beginning', () => heardOf(listener, 'first secret') > 10);
    const second = write(hidden, 'The second secret.');
    write(guild.voiceChannel, 'This may be heard.');
    const bens = await stage.discord.join(ben, guild.voiceChannel);
    await until('what may be heard', () => heardOf(bens, 'may be heard') > PACKETS / 2, PATIENCE_MS);
    expect(heardOf(bens, 'secret')).toBeLessThan(ON_THE_WAY_PACKETS);
    expect(await use(guild, 'why', { message: second.id }, { channel: hidden })).toMatch(
      /can't see this channel/,
    );
  },
  PATIENCE_MS,
);

test(
  'a bot that is called away from a private voice channel takes nothing along of what was to be said there',
  async () => {
    const { guild } = await chatGuild(stage, { name: 'called away', manager: ana, others: [ben] });
    const room = guild.addVoiceChannel({ name: 'room', ...secret() });
    const anas = await stage.discord.join(ana, room);
    await use(guild, 'join', {}, { channel: room });
    write(room, 'Who is fired?');
    await until('its beginning', () => heardOf(anas, 'fired') > 10);
    write(room, 'Somebody is!');
    await use(guild, 'say', { text: 'The numbers are bad.' }, { channel: room });
    await stage.discord.leave(ana, guild);
    const bens = await stage.discord.join(ben, guild.voiceChannel);
    await use(guild, 'say', { text: 'Good evening.' }, {}, ben);
    await until('the greeting', () => heardOf(bens, 'Good evening') > PACKETS / 2, PATIENCE_MS);
    expect(heardOf(bens, 'fired')).toBe(0);
    expect(heardOf(bens, 'Somebody')).toBe(0);
    expect(heardOf(bens, 'numbers')).toBe(0);
  },
  PATIENCE_MS,
);

test(
  'a channel that an administrator has added is read on, whoever comes',
  async () => {
    const { guild, listener } = await chatGuild(stage, { name: 'added', manager: ana, others: [ben] });
    const hidden = guild.addTextChannel({ name: 'plans', ...secret() });
    const bytes = Buffer.from(JSON.stringify({ channels: [{ id: hidden.id, addedBy: 'admin' }] }));
    await use(guild, 'settings import', { file: { name: 'settings.json', bytes } });
    await use(guild, 'join');
    write(hidden, 'An open secret.');
    await until('its beginning', () => heardOf(listener, 'open secret') > 10);
    const bens = await stage.discord.join(ben, guild.voiceChannel);
    await until('its end', () => heardOf(listener, 'open secret') === PACKETS, PATIENCE_MS);
    expect(heardOf(bens, 'open secret')).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);
