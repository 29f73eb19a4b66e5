import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { contentOf } from '../sandbox/discord/message.ts';
import { linesHeard } from '../support/heard.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** In place of ten seconds. */
const PROBE_MS = 500;
const PATIENCE_MS = 90_000;
const NO_CREDIT = { status: 402, body: '{"message":"Invalid api key or insufficient balance","status":402}' };

let stage: Stage;
let port: number;
let ana: FakeUser;
let ben: FakeUser;

beforeAll(async () => {
  port = await freePort();
  const timings = { probeMs: PROBE_MS, slowProbeMs: PROBE_MS, failingMs: 100 };
  stage = await startStage(
    {
      fish: { packets: 10 },
      preload: [new URL('../support/preload-fish-timings.ts', import.meta.url)],
      env: { FISH_TIMINGS: JSON.stringify(timings), HTTP_PORT: String(port) },
    },
    discord => {
      ana = discord.addUser('Ana');
      ben = discord.addUser('Ben', { locale: 'de' });
    },
  );
});
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(async () => {
  delete stage.fish.behaviour.upgrade;
  delete stage.fish.behaviour.fault;
  delete stage.fish.behaviour.refuseTcp;
  await until('Fish is asked again', async () => (await fishCheck()).ok, PATIENCE_MS);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}

async function server(name: string, { join = true } = {}) {
  const guild = stage.discord.addGuild({ name });
  for (const user of [ana, ben]) guild.addMember(user);
  const listener = await stage.discord.join(ana, guild.voiceChannel);
  await stage.discord.join(ben, guild.voiceChannel);
  if (join) await use(guild, 'join').reply();
  return { guild, listener };
}

function use(guild: FakeGuild, name: string, options = {}, user = ana) {
  return stage.discord.command(user, guild, name, options);
}

const write = (guild: FakeGuild, text: string, user = ana) =>
  stage.discord.message(user, guild.textChannel, text);

/** What the bot told everybody in a server, but for its answer to `/join` and who paused it. */
const notices = (guild: FakeGuild) =>
  stage.discord
    .messages(guild.textChannel)
    .filter(({ author, interaction }) => author.id === stage.discord.applicationId && !interaction)
    .map(contentOf)
    .filter(text => !/paused me|let me go on/.test(text));

interface Check {
  readonly ok: boolean;
  readonly detail?: string;
}

async function ready(): Promise<{ status: number; checks: Record<string, Check> }> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  const { checks } = (await response.json()) as { checks: Record<string, Check> };
  return { status: response.status, checks };
}

const fishCheck = async (): Promise<Check> => (await ready()).checks['fish'] ?? { ok: false };

/** Every use of Fish's socket: attempts to open one, and sessions. */
const tries = () => stage.fish.handshakes.length + stage.fish.sessions.length;

test('row 10: no credit for a while in a busy channel: one notice, few tries, each line its reason, one notice after', async () => {
  const { guild, listener } = await server('busy');
  const { guild: other } = await server('busy too');
  const { guild: idle } = await server('nobody writes here');
  stage.fish.behaviour.upgrade = { ...NO_CREDIT };
  stage.fish.dropIdleSockets();
  await until('the outage', async () => !(await fishCheck()).ok, PATIENCE_MS);
  const from = performance.now();
  const before = tries();
  const written = [];
  for (let line = 0; performance.now() - from < 6 * PROBE_MS; line += 1) {
    written.push(write(guild, `Line number ${line} of the busy channel.`, line % 2 ? ana : ben));
    await sleep(40);
  }
  write(other, 'Here too.');
  const allowed = 1 + Math.ceil((performance.now() - from) / PROBE_MS);
  expect(tries() - before).toBeLessThanOrEqual(allowed);
  expect(written.length).toBeGreaterThan(20);
  for (const message of written) {
    const why = await stage.discord.messageMenu(ana, message, 'Why not read?').reply();
    expect(why).toMatch(/no API credit left/);
  }
  await until('the other server is told', () => notices(other).length > 0, PATIENCE_MS);
  expect(notices(guild)).toEqual([expect.stringMatching(/can't speak right now: .*no API credit left/)]);
  expect(notices(other)).toHaveLength(1);
  const status = await use(guild, 'status').reply();
  expect(status).toMatch(/Fish Audio: .*not working.*no API credit left/);
  expect(status).toMatch(/for Fish Audio's support: `insufficient_balance, [\da-f]{32}`/);
  expect(await use(guild, 'say', { text: 'Hello?' }).reply()).toMatch(/no API credit left/);
  expect(await ready()).toMatchObject({
    status: 503,
    checks: {
      fish: {
        ok: false,
        detail: expect.stringMatching(
          /no API credit \(HTTP 402\): top up .*, since \d{4}-.* \(insufficient_balance, /,
        ),
      },
    },
  });
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);

  delete stage.fish.behaviour.upgrade;
  await until('it is told that it works again', () => notices(guild).length > 1, PATIENCE_MS);
  expect(notices(guild)[1]).toMatch(/can speak again/);
  await until('there too', () => notices(other).length > 1, PATIENCE_MS);
  write(guild, 'And this one is heard.');
  await until('it is heard', () => linesHeard(stage.fish, [listener]).length > 0, PATIENCE_MS);
  expect(linesHeard(stage.fish, [listener]).map(({ text }) => text)).toEqual([
    'Ana said: And this one is heard.',
  ]);
  expect(await use(guild, 'status').reply()).toMatch(/Fish Audio: s2\.1-pro, working/);
  expect([notices(guild), notices(other), notices(idle)].map(({ length }) => length)).toEqual([2, 2, 0]);
});

test.each([
  [401, 'a key that is refused', /refuses my key/],
  [403, 'a key that may not', /refuses my key/],
  [500, 'a server error', /having trouble/],
  [503, 'a server that is not there', /having trouble/],
  [429, 'too many requests', /overloaded/],
])(
  'row 10: %i (%s), also as plain text: the process lives, people are told why, and it comes back',
  async (status, name, words) => {
    const { guild, listener } = await server(name);
    stage.fish.behaviour.upgrade = { status, body: 'Something in plain text' };
    stage.fish.dropIdleSockets();
    const asked = use(guild, 'say', { text: `Said during ${status}.` });
    await asked.reply();
    for (let line = 0; notices(guild).length === 0; line += 1) {
      if (line > 100) throw new Error('nobody is told');
      // Not so many that the queue is full before it is an outage: that would be told as well.
      write(guild, `Line ${line} for ${status}.`, line % 2 ? ana : ben);
      await sleep(400);
    }
    expect(notices(guild)).toEqual([expect.stringMatching(words)]);
    expect(await use(guild, 'status').reply()).toMatch(words);
    delete stage.fish.behaviour.upgrade;
    await until('it is told', () => notices(guild).length > 1, PATIENCE_MS);
    const heardBefore = linesHeard(stage.fish, [listener]).length;
    await use(guild, 'say', { text: `After ${status}.` }).reply();
    await until('it speaks', () => linesHeard(stage.fish, [listener]).length > heardBefore, PATIENCE_MS);
    expect(notices(guild)).toHaveLength(2);
  },
);

test('Fish fails in band: lines are told why, the next line after a while tries it, and it comes back', async () => {
  const { guild, listener } = await server('in band');
  stage.fish.behaviour.fault = { kind: 'error', afterEvents: 0, error: 'internal error' };
  for (let line = 0; notices(guild).length === 0; line += 1) {
    if (line > 100) throw new Error('nobody is told');
    write(guild, `Words ${line}.`);
    await sleep(100);
  }
  expect(notices(guild)).toEqual([expect.stringMatching(/can't speak right now/)]);
  await until('nothing is under way', () => stage.fish.openSessions === 0);
  const [from, before] = [performance.now(), stage.fish.sessions.length];
  for (let line = 0; performance.now() - from < 4 * PROBE_MS; line += 1) {
    write(guild, `More words ${line}.`);
    await sleep(50);
  }
  const sessions = stage.fish.sessions.length - before;
  expect(sessions).toBeGreaterThan(0);
  expect(sessions).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - from) / PROBE_MS));
  delete stage.fish.behaviour.fault;
  for (let line = 0; notices(guild).length < 2; line += 1) {
    if (line > 100) throw new Error('it does not come back');
    write(guild, `Is it back ${line}?`);
    await sleep(100);
  }
  expect(notices(guild)[1]).toMatch(/can speak again/);
  write(guild, 'At last.', ben);
  await until('it is heard', () => {
    const session = stage.fish.sessions.find(
      ({ text, ended }) => text.includes('At last.') && ended === 'finish',
    );
    return session?.packets.every(packet => listener.speech().some(heard => heard.equals(packet))) ?? false;
  });
});

/** A paused server in which two lines are in hand and two more wait. */
async function waiting(name: string) {
  const { guild, listener } = await server(name);
  await use(guild, 'pause').reply();
  const texts = ['First.', 'Second.', 'Third.', 'Fourth.'].map(text => `${name}: ${text}`);
  const says = texts.map((text, index) => use(guild, 'say', { text }, index % 2 ? ben : ana));
  for (const say of says) await say.reply();
  const isMade = (text = '') =>
    stage.fish.sessions.some(one => one.text.endsWith(text) && one.ended === 'finish');
  await until('two are in hand', () => isMade(texts[0]) && isMade(texts[1]), PATIENCE_MS);
  const heard = () => linesHeard(stage.fish, [listener]).map(({ text }) => text.replace(/^\w+ said: /, ''));
  return { guild, texts, says, heard };
}

test('what waits when Fish fails for a moment is said after it', async () => {
  const { guild, texts, heard } = await waiting('A moment');
  const { guild: other } = await server('other one');
  stage.fish.behaviour.refuseTcp = true;
  stage.fish.dropIdleSockets();
  for (let line = 0; (await fishCheck()).ok; line += 1) {
    write(other, `Fails ${line}.`);
    await sleep(100);
  }
  expect((await fishCheck()).detail).toMatch(/cannot be reached/);
  expect(await use(guild, 'queue').reply()).toMatch(
    /^\*\*Paused\.\*\* .+\nHeld, since I can't speak right now: Fish Audio doesn't answer\nNow: /,
  );
  await use(guild, 'resume').reply();
  await until('what is in hand is heard', () => heard().length === 2, PATIENCE_MS);
  delete stage.fish.behaviour.refuseTcp;
  await until('all is heard', () => heard().length === 4, PATIENCE_MS);
  expect(heard()).toEqual(texts);
  expect(notices(guild)).toEqual([]);
});

test('what waits when somebody has to mend it is dropped, and its people are told why', async () => {
  const { guild, texts, says, heard } = await waiting('No credit');
  stage.fish.behaviour.upgrade = { ...NO_CREDIT };
  stage.fish.dropIdleSockets();
  await until('they are told', () => says.slice(2).every(say => say.messages.length > 1), PATIENCE_MS);
  expect(says[2]?.messages.map(contentOf)[1]).toMatch(/no API credit left/);
  expect(says[3]?.messages.map(contentOf)[1]).toMatch(/kein API-Guthaben mehr/);
  await use(guild, 'resume').reply();
  await until('what is in hand is heard', () => heard().length === 2, PATIENCE_MS);
  expect(heard()).toEqual(texts.slice(0, 2));
  expect(says.slice(0, 2).map(say => say.messages.length)).toEqual([1, 1]);
  expect(notices(guild)).toHaveLength(1);
});
