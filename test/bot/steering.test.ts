import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** Silence is promised within 100 ms. A slow machine may take its time; the line is far longer. */
const SILENT_WITHIN_MS = 2_000;
/** Time for a stray packet to come, if there is one. */
const STRAY_MS = 250;
/** More than ten seconds of speech. */
const LONG =
  'This line is long enough to be interrupted: alfa, bravo, charlie, delta, echo, foxtrot, golf, hotel, india, ' +
  'juliett, kilo, lima, mike, november, oscar, papa, quebec, romeo, sierra, tango, uniform, victor, whiskey, zulu.';

let stage: Stage;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { eventMs: 20 } }, discord => {
    ana = discord.addUser('Ana');
    ben = discord.addUser('Ben');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

async function server(name: string) {
  const guild = stage.discord.addGuild({ name });
  for (const user of [ana, ben]) guild.addMember(user);
  return { guild, listener: await stage.discord.join(ana, guild.voiceChannel) };
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

const packetsOf = (text: string) =>
  stage.fish.sessions.find(one => one.text.trim().endsWith(text))?.packets ?? [];

test('/skip silences the line, closes its Fish session, and the next one is heard', async () => {
  const { guild, listener } = await server('skip');
  stage.fish.behaviour.realtimeFactor = 1.1; // its session lasts nearly as long as the line
  await use(guild, 'say', { text: LONG }).reply();
  await use(guild, 'say', { text: 'Then this one.' }).reply();
  await until('speech', () => listener.speech().length > 5);
  const skip = use(guild, 'skip');
  expect(await skip.reply()).toBe('Skipped.');
  await until('the Fish session is closed', () =>
    stage.fish.sessions.some(one => one.text.trim().endsWith(LONG) && one.ended === 'client-closed'),
  );
  stage.fish.behaviour.realtimeFactor = undefined;
  await until('the next line', () => {
    const wanted = packetsOf('Then this one.');
    return (
      wanted.length > 0 &&
      listener
        .speech()
        .slice(-wanted.length)
        .every((p, i) => p.equals(wanted[i] ?? p))
    );
  });
  const long = packetsOf(LONG);
  const heardOfLong = listener.heard.filter(({ opus }) => long.some(packet => packet.equals(opus)));
  expect((heardOfLong.at(-1)?.at ?? Infinity) - skip.at).toBeLessThan(SILENT_WITHIN_MS);
});

test('/stop silences all and empties the queue', async () => {
  const { guild, listener } = await server('stop');
  for (const text of [LONG, 'Never heard, one.', 'Never heard, two.'])
    await use(guild, 'say', { text }).reply();
  await until('speech', () => listener.speech().length > 5);
  const stop = use(guild, 'stop');
  expect(await stop.reply()).toContain('3 lines');
  await sleep(STRAY_MS);
  const heard = listener.speech().length;
  await sleep(300);
  expect(listener.speech().length).toBe(heard);
  expect(await use(guild, 'queue').reply()).toBe('The queue is empty.');
  await until('no Fish session is left', () => stage.fish.openSessions === 0);
});

test('/pause holds, /resume goes on, and nothing is lost', async () => {
  const { guild, listener } = await server('pause');
  const text = 'One line with a pause in its middle.';
  await use(guild, 'say', { text }).reply();
  await until('speech', () => listener.speech().length > 5);
  await use(guild, 'pause').reply();
  await until('it is quiet', () => performance.now() - (listener.heard.at(-1)?.at ?? 0) > 300);
  expect(listener.speech().length).toBeLessThan(packetsOf(text).length);
  expect(await use(guild, 'say', { text: 'While paused.' }).reply()).toContain('/resume');
  await use(guild, 'resume').reply();
  const wanted = () => [...packetsOf(text), ...packetsOf('While paused.')];
  await until(
    'both lines',
    () => packetsOf('While paused.').length > 0 && listener.speech().length >= wanted().length,
  );
  expect(listener.speech()).toEqual(wanted());
});

test('/queue names who said each line', async () => {
  const { guild } = await server('queue');
  await stage.discord.join(ben, guild.voiceChannel);
  await use(guild, 'say', { text: LONG }).reply();
  await use(guild, 'say', { text: '**bold** @everyone' }, ben).reply();
  const reply = await use(guild, 'queue').reply();
  expect(reply).toMatch(/Now: \*\*Ana\*\*: This line/);
  expect(reply).toMatch(/1\. \*\*Ben\*\*: bold everyone/);
  await use(guild, 'stop').reply();
});

test('only those who listen may steer; others are told where', async () => {
  const { guild } = await server('strangers');
  await use(guild, 'say', { text: 'Hello.' }).reply();
  for (const name of ['skip', 'stop', 'pause', 'resume', 'leave'])
    expect(await use(guild, name, {}, ben).reply()).toContain(guild.voiceChannel.id);
  expect(await use(guild, 'say', { text: 'Hi.' }, ben).reply()).toMatch(/Join a voice channel first/);
  const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
  await stage.discord.join(ben, elsewhere);
  expect(await use(guild, 'say', { text: 'Hi.' }, ben).reply()).toContain(`<#${guild.voiceChannel.id}>`);
  await stage.discord.leave(ana, guild);
  expect(await use(guild, 'say', { text: 'Alone now.' }, ben).reply()).toMatch(/Saying|Queued/);
  expect(stage.discord.botVoiceChannel(guild)).toBe(elsewhere.id);
});

test('/join goes where it is told, /leave leaves; both answer in public', async () => {
  const { guild } = await server('join');
  const join = use(guild, 'join', { channel: guild.voiceChannel });
  expect(await join.reply()).toMatch(/Fish Audio/);
  expect(join.ephemeral).toBe(false);
  expect(stage.discord.botVoiceChannel(guild)).toBe(guild.voiceChannel.id);
  const leave = use(guild, 'leave');
  expect(await leave.reply()).toContain('I left');
  expect(leave.ephemeral).toBe(false);
  await until('the bot is gone', () => stage.discord.botVoiceChannel(guild) === null);
  const error = use(guild, 'leave');
  expect(await error.reply()).toContain('not in a voice channel');
  expect(error.ephemeral).toBe(true);
});

test('/say right after /leave is heard', async () => {
  const { guild, listener } = await server('again');
  await use(guild, 'join').reply();
  const leave = use(guild, 'leave');
  const say = use(guild, 'say', { text: 'Back at once.' });
  await Promise.all([leave.reply(), say.reply()]);
  await until('speech', () => listener.speech().length >= (packetsOf('Back at once.').length || 1));
});

test('whoever asks for another channel while the bot still joins: both are answered', async () => {
  const { guild } = await server('two minds');
  const elsewhere = guild.addVoiceChannel({ name: 'Elsewhere' });
  await stage.discord.join(ben, elsewhere);
  const first = use(guild, 'join', { channel: guild.addVoiceChannel({ name: 'Empty' }) });
  const second = use(guild, 'say', { text: 'Over here.' }, ben);
  await Promise.all([first.reply(), second.reply()]);
  expect(stage.discord.botVoiceChannel(guild)).toBe(elsewhere.id);
});

test('what cannot be said is answered clearly and costs nothing; what is too long is cut, and told so', async () => {
  const { guild } = await server('limits');
  const before = stage.fish.sessions.length;
  expect(await use(guild, 'say', { text: '\u200b ' }).reply()).toMatch(/nothing in that/);
  expect(stage.fish.sessions.length).toBe(before);
  const long = Array.from({ length: 240 }, (_, index) => `wörd${index}`).join(' ');
  expect(await use(guild, 'say', { text: long }).reply()).toMatch(/beginning/);
  await until('it is sent', () => stage.fish.sessions.length > before);
  await use(guild, 'stop').reply();
  expect(stage.fish.sessions.at(-1)?.bytes).toBeLessThanOrEqual(1_000 + Buffer.byteLength('Ana said: '));
});

test('/status and /help answer', async () => {
  const { guild } = await server('help');
  expect(await use(guild, 'help').reply()).toMatch(/\/say/);
  expect(await use(guild, 'status').reply()).toMatch(/Fish Audio: s2\.1-pro, working/);
});
