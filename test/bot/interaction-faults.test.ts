import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeInteraction, FakeUser } from '../sandbox/discord/discord.ts';
import { INTERACTION_ANSWERS } from '../sandbox/discord/faults.ts';
import { CALLBACK } from '../sandbox/discord/interaction-kind.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const MANAGE_GUILD = String(1n << 5n);
const PATIENCE_MS = 90_000;
const LOOP_STANDS_MS = 3_500;

let stage: Stage;
let ana: FakeUser;
let guild: FakeGuild;

beforeAll(async () => {
  stage = await startStage(
    { faults: { interactionTtlMs: 3_000 }, fish: { packets: 15 }, meddling: true },
    discord => {
      ana = discord.addUser('Ana');
    },
  );
  const { discord } = stage;
  guild = discord.addGuild({ name: 'faults' });
  guild.addMember(ana, { permissions: MANAGE_GUILD });
  await discord.join(ana, guild.voiceChannel);
  await until('commands', () => discord.registered.length > 0);
}, PATIENCE_MS);
afterAll(() => stage[Symbol.asyncDispose]());

function use(name: string, options = {}): FakeInteraction {
  return stage.discord.command(ana, guild, name, options);
}

/** How many calls Discord answered with an error since. */
function refusedSince(from: number): number {
  return stage.discord.requests.slice(from).filter(({ status }) => status >= 400).length;
}

/** The bot goes on: it answers, and nothing went wrong in it that nobody caught. */
async function expectAlive(): Promise<void> {
  expect(await use('status').reply()).toMatch(/Parrotfish/);
  const isFault = /"level":"fatal"|a fault of this program|command failed|answer failed/;
  expect(isFault.test(stage.bot.output)).toBe(false);
}

test.each([
  [404, 10_062, 'the interaction is not known any more'],
  [400, 40_060, 'it was answered already'],
  [403, 50_013, 'permissions are missing'],
  [403, 50_001, 'access is missing'],
  [401, 50_027, 'its token is not good any more'],
  [404, 10_015, 'its webhook is not known'],
])(
  'row 27: an answer is refused with %i/%i: %s',
  async (status, code) => {
    const { discord } = stage;
    const panel = use('settings panel');
    await panel.reply();
    const message = discord.message(ana, guild.textChannel, 'Read me aloud.');
    const from = discord.requests.length;
    discord.faults.restRefusals = { path: INTERACTION_ANSWERS, status, code, times: 1_000 };
    const refused = [
      use('status'),
      use('say', { text: 'Hello.' }),
      use('say', { text: '' }),
      use('voicemessage', { text: 'Hello.' }),
      use('join'),
      use('skip'),
      use('usage'),
      use('voice clone', {
        name: 'Me',
        audio: { name: 'a.wav', bytes: Buffer.from('no sound') },
        consent: true,
      }),
      discord.messageMenu(ana, message, 'Read aloud'),
      discord.messageMenu(ana, message, 'Why not read?'),
      discord.choose(ana, panel, 'settings:page', ['reading']),
    ];
    discord.autocomplete(ana, guild, 'say', 'voice', { voice: 'a' }).catch(() => undefined); // nobody is answered
    await until('all were tried', () => refusedSince(from) >= refused.length);
    await until('nothing is tried any more', async () => {
      const before = discord.requests.length;
      await sleep(500);
      return discord.requests.length === before;
    });
    discord.faults.restRefusals = undefined;
    // A refused answer is not sent again and again: ten thousand such requests, and Discord bans the address.
    expect(refusedSince(from)).toBeLessThanOrEqual(2 * (refused.length + 1));
    await expectAlive();
  },
  PATIENCE_MS,
);

test(
  'row 27: the process stands still for longer than Discord waits',
  async () => {
    const names = ['status', 'voice show', 'queue'];
    const standing = stage.meddle({ do: 'block', ms: LOOP_STANDS_MS });
    const late = names.map(name => use(name));
    await standing;
    // Whichever came before it stood still was answered. For the others it was too late, which nobody can mend.
    await expectAlive();
    for (const { messages } of late) expect(messages.length).toBeLessThanOrEqual(1);
    for (const name of names) expect(await use(name).reply()).toBeTruthy();
  },
  PATIENCE_MS,
);

test(
  'row 27: Discord asks to slow down, over and over: each is answered once',
  async () => {
    const { discord } = stage;
    const from = discord.requests.length;
    discord.faults.rest429 = 6;
    const uses = ['status', 'voice show', 'queue', 'help', 'dictionary list'].map(name => use(name));
    for (const one of uses) expect(await one.reply()).toBeTruthy();
    expect(uses.map(({ messages }) => messages.length)).toEqual(uses.map(() => 1));
    expect(refusedSince(from)).toBeLessThanOrEqual(6);
    await expectAlive();
  },
  PATIENCE_MS,
);

test('row 27: what takes long is acknowledged first', async () => {
  let release = (): void => {};
  const audio = {
    name: 'me.wav',
    size: 1_000,
    serve: (_request: unknown, response: { end: () => void }) => {
      release = () => response.end();
    },
  };
  const file = { name: 'a.json', bytes: Buffer.from('{"clone":true}') };
  await use('settings import', { file }).reply();
  const slow = use('voice clone', { name: 'Me', audio, consent: true });
  expect((await slow.firstResponse).type).toBe(CALLBACK.deferred);
  await until('the file is asked for', () => release.length === 0);
  release();
  expect(await slow.reply()).toMatch(/sound|file/);
});

test('an answer that Discord does not take is followed by an apology, and not by silence', async () => {
  const { discord } = stage;
  const panel = use('settings panel');
  await panel.reply();
  const refusal = { path: INTERACTION_ANSWERS, status: 400, code: 50_035, times: 1 };
  for (const act of [
    () => use('settings panel'),
    () => discord.choose(ana, panel, 'settings:page', ['reading']),
  ]) {
    discord.faults.restRefusals = { ...refusal };
    const refused = act();
    expect(await refused.reply()).toBe('Something went wrong on my side. Please try again in a moment.');
    expect(refused.ephemeral).toBe(true);
  }
  expect(stage.bot.output.match(/answer failed/g)).toHaveLength(2);
});

test('whoever waits for a voice message that Discord does not take is told so, after "thinking" too', async () => {
  const { discord, fish } = stage;
  const usual = fish.behaviour.firstAudioMs;
  fish.behaviour.firstAudioMs = 1_500;
  const refused = use('voicemessage', { text: 'Nobody hears this.' });
  expect((await refused.firstResponse).type).toBe(CALLBACK.deferred);
  // "Thinking" is deleted, and the voice message behind it is refused.
  discord.faults.restRefusals = {
    path: INTERACTION_ANSWERS,
    status: 400,
    code: 50_161,
    times: 1,
    method: 'POST',
  };
  expect(await refused.reply()).toBe('Something went wrong on my side. Please try again in a moment.');
  expect(refused.ephemeral).toBe(true);
  expect(refused.messages).toHaveLength(1);
  fish.behaviour.firstAudioMs = usual;
});
