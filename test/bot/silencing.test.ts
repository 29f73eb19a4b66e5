import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import type { FishSession } from '../sandbox/fish/session-record.ts';
import { chatGuild, textsHeard } from '../support/chat-guild.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 90_000;
/** A packet may be on its way when somebody wants silence, and five of silence follow. */
const ON_THE_WAY_PACKETS = 25;
/** More than ten seconds of speech. */
const LONG =
  'This line is long enough to be interrupted: alfa, bravo, charlie, delta, echo, foxtrot, golf, hotel, india, ' +
  'juliett, kilo, lima, mike, november, oscar, papa, quebec, romeo, sierra, tango, uniform, victor, whiskey, zulu.';

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
beforeEach(() => {
  stage.fish.behaviour.eventMs = 2;
});

/** A server with Ana (who manages it) and Ben in its voice channel, where the bot reads and is paused. */
function server(name: string) {
  return chatGuild(stage, { name, manager: ana, listeners: [ben], commands: ['join', 'pause'] });
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

function write(guild: FakeGuild, content: string, user = ana, channel = guild.textChannel) {
  return stage.discord.message(user, channel, content);
}

const why = (guild: FakeGuild, message: { id: string }) => use(guild, 'why', { message: message.id }).reply();

function heard(listener: Listener, count: number): Promise<readonly string[]> {
  return textsHeard(stage, listener, count, PATIENCE_MS);
}

/** Writes a first line, which is then held by the pause, so that what comes after it waits. */
async function hold(guild: FakeGuild, text: string): Promise<void> {
  write(guild, text, ben);
  await asked(text);
}

/** Waits until Fish Audio was asked to say just that. */
async function asked(text: string): Promise<FishSession> {
  const find = () => stage.fish.sessions.find(session => session.text.trim() === text);
  await until(`Fish Audio is asked for "${text}"`, () => find() !== undefined, PATIENCE_MS);
  const session = find();
  if (!session) throw new Error('it is gone');
  return session;
}

/** How many of a session's packets were heard. */
function heardOf(listener: Listener, session: FishSession): number {
  const own = new Set(session.packets.map(packet => packet.toString('latin1')));
  return listener.speech().filter(packet => own.has(packet.toString('latin1'))).length;
}

test('a deleted message is not said, though it was joined to others; those are, without it', async () => {
  const { guild, listener } = await server('joined');
  await hold(guild, 'Held one.');
  await hold(guild, 'Held two.'); // already synthesised as well
  const [kept, regretted] = [write(guild, 'I keep this.'), write(guild, 'I regret that.')];
  write(guild, 'And I stay.');
  await use(guild, 'queue').reply();
  stage.discord.deleteMessage(regretted);
  await use(guild, 'resume').reply();
  expect(await heard(listener, 3)).toEqual(['Held one.', 'Held two.', 'I keep this. And I stay.']);
  expect(await why(guild, regretted)).toMatch(/deleted/);
  expect(await why(guild, kept)).toMatch(/did read it/);
  expect(stage.fish.sessions.filter(({ text }) => text.includes('regret'))).toEqual([]);
});

test('also when it was synthesised with the others already', async () => {
  const { guild, listener } = await server('synthesised');
  stage.fish.behaviour.eventMs = 400; // the first line is under way for a while, and the others wait together
  await hold(guild, 'Held three, while it takes Fish Audio its time.');
  write(guild, 'Said in one breath');
  const regretted = write(guild, 'with words of regret');
  const both = await asked('Said in one breath. with words of regret');
  stage.discord.deleteMessage(regretted);
  await until('that session is over', () => both.ended !== undefined);
  stage.fish.behaviour.eventMs = 2;
  await use(guild, 'resume').reply();
  expect(await heard(listener, 2)).toEqual([
    'Held three, while it takes Fish Audio its time.',
    'Said in one breath',
  ]);
});

test('messages that are deleted together are not said, alone or joined', async () => {
  const { guild, listener } = await server('together');
  await hold(guild, 'Held four.');
  await hold(guild, 'Held five.');
  const messages = ['One of many.', 'Two of many.', 'Three of many.'].map(text => write(guild, text));
  const other = write(guild, 'Mine as well.', ben);
  write(guild, 'This is the end.');
  await use(guild, 'queue').reply(); // by then they wait
  stage.discord.deleteMessages([...messages.slice(1), other]);
  await use(guild, 'resume').reply();
  expect((await heard(listener, 4)).slice(2)).toEqual(['One of many.', 'This is the end.']);
  for (const message of [...messages.slice(1), other]) expect(await why(guild, message)).toMatch(/deleted/);
});

test('row 35: a message that is deleted while it is being heard ends there, and its Fish session with it', async () => {
  const { guild, listener } = await server('in the middle');
  await use(guild, 'resume').reply();
  stage.fish.behaviour.realtimeFactor = 1.1; // its session lasts nearly as long as the line
  const message = write(guild, LONG);
  await until('speech', () => listener.speech().length > 5, PATIENCE_MS);
  const session = await asked(LONG);
  stage.discord.deleteMessage(message);
  expect(await why(guild, message)).toMatch(/deleted/);
  const before = heardOf(listener, session);
  await until('the Fish session is closed', () => session.ended === 'client-closed');
  stage.fish.behaviour.realtimeFactor = undefined;
  write(guild, 'This is next.');
  await asked('This is next.');
  await until('the next line', () => linesIn(listener, 'This is next.'), PATIENCE_MS);
  expect(heardOf(listener, session) - before).toBeLessThan(ON_THE_WAY_PACKETS);
});

test('of messages that are heard in one breath the deleted one alone is not said, and those behind it are', async () => {
  const { guild, listener } = await server('one breath');
  const [one, two, three] = [
    'The first of three messages, which is long enough.',
    'The second of three messages, which nobody shall hear.',
    'The third of three messages, which is said all the same.',
  ] as const;
  await hold(guild, 'Held six.');
  await hold(guild, 'Held seven.');
  write(guild, one);
  const regretted = write(guild, two);
  write(guild, three);
  await use(guild, 'resume').reply();
  const session = await asked(`${one} ${two} ${three}`);
  await until('its beginning', () => heardOf(listener, session) > 5, PATIENCE_MS);
  stage.discord.deleteMessage(regretted);
  const again = await asked(three);
  await until('the last', () => again.packets.length > 0 && linesIn(listener, three), PATIENCE_MS);
  const share = heardOf(listener, session) / session.packets.length;
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.4);
  expect(await why(guild, regretted)).toMatch(/deleted/);
});

test('of messages whose turn has come, and of which nothing was heard, the others are said whole', async () => {
  const { guild, listener } = await server('whole');
  const [kept, others] = ['5,555,555 of 7,777,777.', 'And these.'] as const; // nobody knows how long a voice takes for it
  await hold(guild, 'Held for a while.');
  await hold(guild, 'Held for long.');
  write(guild, kept);
  const regretted = write(guild, 'Nobody shall hear these words.');
  write(guild, others);
  await use(guild, 'queue').reply();
  for (let lines = 0; lines < 2; lines += 1) await use(guild, 'skip').reply();
  await asked(`${kept} Nobody shall hear these words. ${others}`);
  stage.discord.deleteMessage(regretted);
  await use(guild, 'resume').reply();
  expect(await heard(listener, 1)).toEqual([`${kept} ${others}`]);
  expect(await why(guild, regretted)).toMatch(/deleted/);
});

test('who opts out is silent in every form: written, joined, and read aloud by others', async () => {
  const { guild, listener } = await server('opting out');
  await hold(guild, 'Held eight.');
  const message = write(guild, 'Read this to all.');
  const own = write(guild, 'I wrote this.', ben);
  await stage.discord.messageMenu(ana, own, 'Read aloud').reply();
  await stage.discord.messageMenu(ben, message, 'Read aloud').reply();
  await use(guild, 'say', { text: 'My own command.' }).reply();
  await use(guild, 'optout').reply();
  await use(guild, 'resume').reply();
  write(guild, 'This is the end.', ben);
  const lines = await heard(listener, 5);
  expect(lines).toEqual([
    'Held eight.',
    'I wrote this.',
    'I wrote this.',
    'My own command.',
    'This is the end.',
  ]);
  expect(await why(guild, message)).toMatch(/optin/);
});

test('a message that is deleted is not read aloud by those who asked for it', async () => {
  const { guild, listener } = await server('read aloud');
  await hold(guild, 'Held nine.');
  const message = write(guild, '; Not of itself.', ben);
  await stage.discord.messageMenu(ana, message, 'Read aloud').reply();
  stage.discord.deleteMessage(message);
  await use(guild, 'resume').reply();
  write(guild, 'This is the end.');
  expect(await heard(listener, 2)).toEqual(['Held nine.', 'This is the end.']);
});

test('what waits of a channel or thread that is deleted is not said', async () => {
  const { guild, listener } = await server('channels');
  const channel = guild.addTextChannel({ name: 'other' });
  const thread = guild.addThread(channel);
  const bytes = Buffer.from(
    JSON.stringify({ channels: [guild.textChannel.id, channel.id, thread.id], requireVoice: false }),
  );
  await use(guild, 'settings import', { file: { name: 'settings.json', bytes } }).reply();
  await hold(guild, 'Held ten.');
  write(guild, 'In the thread.', ana, thread);
  write(guild, 'In the channel.', ben, channel);
  write(guild, 'In a channel that stays.', ana);
  await use(guild, 'queue').reply();
  guild.deleteChannel(thread);
  guild.deleteChannel(channel);
  await use(guild, 'resume').reply();
  write(guild, 'This is the end.', ben);
  expect(await heard(listener, 3)).toEqual(['Held ten.', 'In a channel that stays.', 'This is the end.']);
});

/** Whether all packets of some session that said `text` were heard, in a row. */
function linesIn(listener: Listener, text: string): boolean {
  const packets = listener.speech().map(packet => packet.toString('latin1'));
  return stage.fish.sessions.some(session => {
    const own = session.packets.map(packet => packet.toString('latin1'));
    if (session.text.trim() !== text || session.ended !== 'finish' || own.length === 0) return false;
    const at = packets.indexOf(own[0] ?? '');
    return at >= 0 && own.every((packet, index) => packets[at + index] === packet);
  });
}
