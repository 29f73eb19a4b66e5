import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { plainOgg } from '../sandbox/fish/ogg-shape.ts';
import { jsonFile, managedGuild } from '../support/managed-guild.ts';
import { deleteData } from '../support/privacy.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** Of a line where its length does not matter. */
const PACKETS = 12;

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
afterEach(() => {
  delete stage.fish.behaviour.packets;
  stage.fish.behaviour.ogg = plainOgg;
});

/** A server of its own for each test, with Ana in its voice channel. */
async function server(name: string) {
  const guild = stage.discord.addGuild({ name });
  for (const user of [ana, ben]) guild.addMember(user);
  return { guild, listener: await stage.discord.join(ana, guild.voiceChannel) };
}

function say(guild: FakeGuild, text: string, user = ana) {
  return stage.discord.command(user, guild, 'say', { text });
}

/** The Fish session that was sent `text`, perhaps with who says it before it. */
function sessionOf(text: string) {
  const session = stage.fish.sessions.find(one => one.text.trim().endsWith(text));
  if (!session) throw new Error('Fish was not sent that text');
  return session;
}

test.each([
  ['XChaCha20, which is preferred', ['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'] as const],
  ['AES-256-GCM', ['aead_aes256_gcm_rtpsize'] as const],
])(
  'every packet of Fish is heard, in order, byte for byte, end-to-end encrypted: %s',
  async (name, modes) => {
    const [voice] = stage.discord.voice;
    if (!voice) throw new Error('no voice server');
    voice.modes = [...modes];
    const { guild, listener } = await server(name);
    const text = `Hello through ${name}`;
    const use = say(guild, text);
    await use.firstResponse; // the sandbox takes none that comes too late
    expect(use.ephemeral).toBe(true);
    expect(await use.reply()).toContain(guild.voiceChannel.id);
    await until('all is heard', () => listener.speech().length >= (sessionOf(text).packets.length || 1));
    await until('the end', () => sessionOf(text).ended === 'finish');
    expect(listener.speech()).toEqual(sessionOf(text).packets);
    expect(listener.heard.every(packet => packet.silence || packet.endToEnd)).toBe(true);
    expect(listener.unencrypted).toBe(0);
    expect(listener.undecryptable).toBe(0);
    const { datagrams, rejected } = voice.call(guild.voiceChannel.id);
    expect(rejected).toBe(0);
    expect(new Set(datagrams.map(datagram => datagram.mode))).toEqual(new Set([modes.at(-1)]));
    const sequences = datagrams.map(datagram => datagram.sequence);
    expect(sequences).toEqual(sequences.map((_, index) => ((sequences[0] ?? 0) + index) % 65_536));
  },
);

test('speech ends with five packets of silence and the speaking light goes out', async () => {
  const { guild, listener } = await server('silence');
  await say(guild, 'Short.').reply();
  const call = stage.discord.voice[0]?.call(guild.voiceChannel.id);
  await until('the light goes out', () => call?.speaking.at(-1)?.speaking === 0);
  const lastSpeech = listener.heard.findLastIndex(packet => !packet.silence);
  expect(listener.heard.length - 1 - lastSpeech).toBe(5);
});

test('three at once are heard one after another, whole, and the next is synthesised meanwhile', async () => {
  const { guild, listener } = await server('three');
  const texts = ['The first of three lines.', 'And here is the second.', 'Third and last of them.'];
  const replies = await Promise.all(texts.map(text => say(guild, text).reply()));
  expect(replies[1]).toMatch(/1 line/);
  expect(replies[2]).toMatch(/2 lines/);
  const wanted = () =>
    texts.flatMap(text => stage.fish.sessions.find(one => one.text.trim().endsWith(text))?.packets ?? []);
  await until('all three are heard', () => {
    const third = stage.fish.sessions.find(one => one.text.trim().endsWith(texts[2] ?? '?'));
    return third?.ended === 'finish' && listener.speech().length >= wanted().length;
  });
  expect(listener.speech()).toEqual(wanted());
  const heard = listener.heard.filter(packet => !packet.silence);
  const endOfFirst = heard[sessionOf(texts[0] ?? '').packets.length - 1]?.at ?? 0;
  // The second was being synthesised while the first was still heard, so there is no gap between them.
  expect(sessionOf(texts[1] ?? '').startedAt).toBeLessThan(endOfFirst);
});

test('two who ask at once get one session, in the order they asked', async () => {
  const { guild, listener } = await server('race');
  await stage.discord.join(ben, guild.voiceChannel);
  const one = say(guild, 'Ana was first here.');
  const join = stage.discord.command(ben, guild, 'join');
  const two = say(guild, 'Ben came after.', ben);
  await Promise.all([one.reply(), join.reply(), two.reply()]);
  expect(stage.discord.op4Count(guild)).toBe(1);
  await until('both are heard', () => {
    const ended = ['Ana was first here.', 'Ben came after.'].map(
      text => stage.fish.sessions.find(session => session.text.trim().endsWith(text))?.packets ?? [],
    );
    return ended.every(packets => packets.length > 0) && listener.speech().length >= ended.flat().length;
  });
  const wanted = [...sessionOf('Ana was first here.').packets, ...sessionOf('Ben came after.').packets];
  expect(listener.speech()).toEqual(wanted);
  expect(join.ephemeral).toBe(false);
});

const SHAPES = [
  ['chained', { chainPerFlush: true }],
  ['continued over pages', { continuePackets: true }],
  ['byte by byte', { splitEvents: 'byte' }],
  ['stereo', { packet: 'stereo' }],
  ['without an end', { eos: false }],
  ['with headers apart', { headersApart: true, pagesPerEvent: 3 }],
] as const;

test('row 20: whatever form Fish’s Ogg has, the channel hears the very packets', async () => {
  const { fish } = stage;
  const { guild, listener } = await server('Shapes');
  fish.behaviour.packets = PACKETS;
  for (const [name, shape] of SHAPES) {
    fish.behaviour.ogg = { ...plainOgg, ...shape };
    const before = listener.speech().length;
    await say(guild, `This is ${name}.`).reply();
    const session = () => fish.sessions.findLast(({ text }) => text.includes(name));
    await until(name, () => {
      const { ended, packets } = session() ?? {};
      return ended === 'finish' && listener.speech().length >= before + (packets?.length ?? Infinity);
    });
    expect(listener.speech().slice(before), name).toEqual(session()?.packets);
  }
}, 60_000);

/** A server without announcements, with Ana in its voice channel. */
async function quietServer(name: string, settings: object = {}) {
  stage.fish.behaviour.packets = PACKETS;
  const guild = managedGuild(stage.discord, { name, manager: ana });
  const file = jsonFile({ announce: 'never', ...settings });
  await stage.discord.command(ana, guild, 'settings import', file).reply();
  return { guild, listener: await stage.discord.join(ana, guild.voiceChannel) };
}

/** Has Ana say something, to its end; returns how many sessions Fish Audio has had of these words. */
async function sessionsAfter(guild: FakeGuild, listener: Listener, text: string): Promise<number> {
  const before = listener.speech().length;
  await stage.discord.command(ana, guild, 'say', { text }).reply();
  await until('all is heard', () => listener.speech().length >= before + PACKETS);
  return stage.fish.sessions.filter(session => session.text.trim() === text).length;
}

async function sayTimes(
  times: number,
  guild: FakeGuild,
  listener: Listener,
  text: string,
): Promise<number[]> {
  const sessions: number[] = [];
  for (let time = 0; time < times; time += 1) sessions.push(await sessionsAfter(guild, listener, text));
  return sessions;
}

test('from the second time on it is said from memory, in the very packets, and /usage tells; /optout ends that', async () => {
  const { guild, listener } = await quietServer('again');
  expect(await sayTimes(3, guild, listener, 'good game')).toEqual([1, 1, 1]);
  const heard = Array.from({ length: 3 }, (_, time) =>
    listener.speech().slice(time * PACKETS, (time + 1) * PACKETS),
  );
  expect([heard[1], heard[2]]).toEqual([heard[0], heard[0]]);
  const usage = await stage.discord.command(ana, guild, 'usage').reply();
  expect(usage).toMatch(/From memory, at no cost: 2 lines \(18 bytes\)/);
  expect(usage).toMatch(/Today: 9 of 200,000 bytes/);
  await stage.discord.command(ana, guild, 'optout').reply();
  expect(await sayTimes(3, guild, listener, 'good game')).toEqual([2, 3, 4]);
  await stage.discord.command(ana, guild, 'optin').reply();
  expect(await sayTimes(3, guild, listener, 'good game')).toEqual([5, 5, 5]);
});

test('/privacy delete forgets it', async () => {
  const { guild, listener } = await quietServer('deleted');
  expect(await sayTimes(2, guild, listener, 'well played')).toEqual([1, 1]);
  await deleteData(stage, ana, guild);
  expect(await sayTimes(1, guild, listener, 'well played')).toEqual([2]);
});

test('a server that does not want it has each line said anew', async () => {
  const { guild, listener } = await quietServer('anew', { cache: false });
  expect(await sayTimes(3, guild, listener, 'never the same')).toEqual([1, 2, 3]);
});

test('every answer keeps from pinging anyone', () => {
  const bodies = stage.discord.requests.filter(
    ({ method, path }) => (method === 'POST' && path.includes('/callback')) || path.includes('/webhooks/'),
  );
  expect(bodies.length).toBeGreaterThan(5);
  for (const { body } of bodies) {
    const message: unknown = body && typeof body === 'object' && 'data' in body ? body.data : body;
    if (message && typeof message === 'object' && 'content' in message)
      expect(message).toHaveProperty('allowed_mentions.parse', []);
  }
});

test('the bot asks for four intents, and no secret and nothing that was said is in its log', () => {
  expect(stage.discord.lastIdentify?.intents).toBe((1 << 0) | (1 << 7) | (1 << 9) | (1 << 15));
  const { output } = stage.bot;
  expect(output).toContain('connected to Discord');
  for (const secret of [stage.discord.token, stage.fish.apiKey, 'first of three', 'Ana was first'])
    expect(output).not.toContain(secret);
});
