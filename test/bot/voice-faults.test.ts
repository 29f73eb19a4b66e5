import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { endsWith } from '../support/words-heard.ts';

const LONG = 'A line of some seconds, during which something happens.';

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ voiceServers: 2 }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

async function server(name: string) {
  const guild = stage.discord.addGuild({ name });
  guild.addMember(ana);
  guild.addMember(ben);
  return { guild, listener: await stage.discord.join(ana, guild.voiceChannel) };
}

function say(guild: FakeGuild, text: string) {
  return stage.discord.command(ana, guild, 'say', { text });
}

const firstVoice = () => {
  const [voice] = stage.discord.voice;
  if (!voice) throw new Error('no voice server');
  return voice;
};
/** Of the last time that it was said. */
const sessionOf = (text: string) => stage.fish.sessions.findLast(one => one.text.trim().endsWith(text));
const packetsOf = (text: string) => sessionOf(text)?.packets ?? [];

/** Packets of `text` that the listeners of the channel heard, on any voice server. */
function heardOf(guild: FakeGuild, text: string): Buffer[] {
  const wanted = new Set(packetsOf(text).map(packet => packet.toString('latin1')));
  return stage.discord.voice
    .flatMap(voice => voice.call(guild.voiceChannel.id).listeners.get(ana.id)?.heard ?? [])
    .toSorted((a, b) => a.at - b.at)
    .map(({ opus }) => opus)
    .filter(opus => wanted.has(opus.toString('latin1')));
}

test('the voice socket breaks: resumed, nothing lost', async () => {
  const { guild, listener } = await server('resume');
  await say(guild, LONG).reply();
  await until('speech', () => listener.speech().length > 20);
  firstVoice().kill(guild.id, stage.discord.applicationId);
  await until('the end of the line', () => listener.speech().length >= packetsOf(LONG).length);
  expect(listener.speech()).toEqual(packetsOf(LONG));
  expect(stage.discord.op4Count(guild)).toBe(1);
});

test('the session becomes invalid (4006): one re-join, the line goes on', async () => {
  const { guild } = await server('4006');
  await say(guild, LONG).reply();
  await until('speech', () => heardOf(guild, LONG).length > 20);
  const lateBefore = firstVoice().late;
  firstVoice().close(guild.id, stage.discord.applicationId, 4006);
  await until('the end', () => endsWith(heardOf(guild, LONG), sessionOf(LONG)), 15_000);
  const lost = packetsOf(LONG).length - heardOf(guild, LONG).length;
  expect(lost).toBeLessThanOrEqual(firstVoice().late - lateBefore); // what was on its way
  expect(stage.discord.op4Count(guild)).toBe(2);
}, 90_000);

test('the session becomes invalid, and Discord still takes the bot for being there: it leaves first, and goes on', async () => {
  const { guild } = await server('4006, and there');
  await say(guild, LONG).reply();
  await until('speech', () => heardOf(guild, LONG).length > 20);
  stage.discord.faults.ignoreJoinWhereHere = true;
  try {
    firstVoice().close(guild.id, stage.discord.applicationId, 4006);
    await until('the end', () => endsWith(heardOf(guild, LONG), sessionOf(LONG)), 60_000);
  } finally {
    delete stage.discord.faults.ignoreJoinWhereHere;
  }
  expect(stage.discord.op4Count(guild)).toBe(4); // in, in vain, and out and in
}, 90_000);

test('kicked: the queue is dropped, Fish is closed, nobody re-joins', async () => {
  const { guild, listener } = await server('kick');
  await say(guild, LONG).reply();
  await say(guild, 'Never heard.').reply();
  await until('speech', () => listener.speech().length > 5);
  stage.discord.moveBot(guild, null);
  await until('no session', () => stage.fish.openSessions === 0);
  await sleep(1_000);
  expect(stage.discord.botVoiceChannel(guild)).toBeNull();
  expect(stage.discord.op4Count(guild)).toBeLessThanOrEqual(2); // the join, and a leave
  const queue = stage.discord.command(ana, guild, 'queue');
  expect(await queue.reply()).toBe('The queue is empty.');
});

test('dragged to another channel: it goes on speaking there', async () => {
  const { guild } = await server('dragged');
  const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
  const text = `${LONG} Dragged.`;
  await say(guild, text).reply();
  await until('speech', () => heardOf(guild, text).length > 20);
  const there = await stage.discord.join(ana, elsewhere);
  stage.discord.moveBot(guild, elsewhere);
  await until('the end there', () => endsWith(there.speech(), sessionOf(text)), 15_000);
  expect(there.unencrypted).toBe(0);
}, 90_000);

test('dragged, and Discord names the voice server there a moment later: nothing is said to where it was', async () => {
  const { guild, listener } = await server('dragged slowly');
  const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
  const there = await stage.discord.join(ben, elsewhere);
  const text = `${LONG} Dragged slowly.`;
  await say(guild, text).reply();
  await until('speech', () => heardOf(guild, text).length > 20);
  const before = listener.speech().length;
  stage.discord.faults.serverUpdateLateMs = 1_000;
  stage.discord.moveBot(guild, elsewhere);
  delete stage.discord.faults.serverUpdateLateMs;
  await until('the end there', () => endsWith(there.speech(), sessionOf(text)), 15_000);
  expect(listener.speech().length - before).toBeLessThan(25); // at 50 a second, some of them on their way
}, 90_000);

test('dragged at the moment when it re-joins: it stays where it was dragged to, and goes on there', async () => {
  const { guild } = await server('dragged meanwhile');
  const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
  const text = `${LONG} Dragged meanwhile.`;
  await say(guild, text).reply();
  await until('speech', () => heardOf(guild, text).length > 20);
  const there = await stage.discord.join(ana, elsewhere);
  stage.discord.faults.beforeOp4 = () => stage.discord.moveBot(guild, elsewhere);
  firstVoice().close(guild.id, stage.discord.applicationId, 4006);
  await until('the end there', () => endsWith(there.speech(), sessionOf(text)), 15_000);
  expect(stage.discord.botVoiceChannel(guild)).toBe(elsewhere.id);
}, 90_000);

/** Discord never acts on the bot's next request to join or to leave. */
function loseNextOp4(): void {
  const { faults } = stage.discord;
  faults.ignoreOp4 = true;
  faults.beforeOp4 = () => {
    delete faults.ignoreOp4;
  };
}

test('a join that Discord answers with nothing at all is sent once more, and the line is heard', async () => {
  const { guild, listener } = await server('unanswered');
  loseNextOp4();
  const text = 'The second asking helps.';
  expect(await say(guild, text).reply(60_000)).toMatch(/^Saying/);
  await until('it is heard', () => endsWith(listener.speech(), sessionOf(text)), 30_000);
  expect(stage.discord.op4Count(guild)).toBe(2);
}, 90_000);

test('a move that Discord answers with nothing at all is sent once more, and people are heard there', async () => {
  const { guild, listener } = await server('unanswered move');
  const before = 'Before the move.';
  await say(guild, before).reply();
  await until('speech', () => endsWith(listener.speech(), sessionOf(before)));
  const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
  const there = await stage.discord.join(ana, elsewhere);
  loseNextOp4();
  const text = 'After the move.';
  expect(await say(guild, text).reply(60_000)).toMatch(/^Saying/);
  await until('it is heard there', () => endsWith(there.speech(), sessionOf(text)), 30_000);
  expect(stage.discord.op4Count(guild)).toBe(3);
}, 90_000);

test('a re-join loop (4006 at each Identify) does not keep another guild from joining', async () => {
  const voice = firstVoice();
  const bad = await server('loop');
  const before = voice.identifies;
  voice.faults.identifyClose = 4006;
  const failing = say(bad.guild, 'Nobody hears this.');
  await sleep(2_500);
  delete voice.faults.identifyClose;
  const good = await server('beside the loop');
  await say(good.guild, 'I join at once.').reply(60_000);
  expect(voice.identifies - before).toBeLessThan(8);
  expect(await failing.reply()).toContain(bad.guild.voiceChannel.id); // it got in after all
}, 90_000);

test('row 22: lost discovery datagrams: the phase is named', async () => {
  const { guild } = await server('udp');
  firstVoice().faults.noDiscoveryReply = true;
  try {
    expect(await say(guild, 'Lost.').reply(60_000)).toMatch(/UDP/);
  } finally {
    firstVoice().faults.noDiscoveryReply = false;
  }
}, 90_000);

test('row 22: one lost discovery datagram is sent again', async () => {
  const { guild, listener } = await server('udp once');
  firstVoice().faults.dropDiscovery = 1;
  await say(guild, 'Second try.').reply(60_000);
  await until('speech', () => listener.speech().length >= (packetsOf('Second try.').length || 1));
}, 90_000);

test('an encryption group that never forms: nothing is spoken, and encryption is named', async () => {
  const { guild, listener } = await server('no group');
  firstVoice().faults.noDave = true;
  try {
    await say(guild, 'Not unencrypted.').reply(60_000);
    await until(
      'the notice',
      () =>
        stage.discord.requests.some(({ body }) => JSON.stringify(body ?? '').includes('phase: encryption')),
      20_000,
    );
  } finally {
    firstVoice().faults.noDave = false;
  }
  expect(listener.speech()).toEqual([]);
  const plain = firstVoice()
    .call(guild.voiceChannel.id)
    .datagrams.filter(datagram => !datagram.silence);
  expect(plain).toEqual([]);
}, 90_000);

test('full channels and missing permissions are named before joining', async () => {
  const { guild } = await server('full');
  const full = guild.addVoiceChannel({ name: 'Full', userLimit: 1 });
  const ben = stage.discord.addUser('Ben');
  guild.addMember(ben);
  await stage.discord.join(ben, full);
  const join = stage.discord.command(ana, guild, 'join', { channel: full });
  expect(await join.reply()).toMatch(/full \(1 of 1\)/);
  const speak = (1n << 21n).toString();
  const mute = guild.addVoiceChannel({
    name: 'Mute',
    permissionOverwrites: [{ id: guild.id, type: 0, allow: '0', deny: speak }],
  });
  const muted = stage.discord.command(ana, guild, 'join', { channel: mute });
  expect(await muted.reply()).toMatch(/\*\*Speak\*\*/);
  expect(stage.discord.op4Count(guild)).toBe(0);
});
