import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import type { VoiceStep } from '../support/meddling.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** 4 s of speech. */
const PACKETS = 200;
const PATIENCE_MS = 40_000;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({ meddling: true, fish: { packets: PACKETS } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

const voice = () => {
  const [server] = stage.discord.voice;
  if (!server) throw new Error('no voice server');
  return server;
};

/** A server in which a line of 4 s is being heard. */
async function speaking(name: string) {
  const guild = stage.discord.addGuild({ name });
  guild.addMember(ana);
  const listener = await stage.discord.join(ana, guild.voiceChannel);
  const text = `This is said in ${name}.`;
  await stage.discord.command(ana, guild, 'say', { text }).reply();
  await until(`speech in ${name}`, () => listener.speech().length > 20);
  const packets = () => stage.fish.sessions.find(session => session.text.includes(text))?.packets ?? [];
  /** Heard to its end, in order and nothing twice; but for what was on its way, if the connection was made anew. */
  const heardAll = async ({ onItsWay }: { onItsWay: number }) => {
    const sent = () => packets().map(packet => packet.toString('latin1'));
    const heard = () => listener.speech().map(packet => sent().indexOf(packet.toString('latin1')));
    await until(`the end in ${name}`, () => heard().at(-1) === PACKETS - 1, 20_000);
    expect(heard()).toEqual([...new Set(heard())].toSorted((a, b) => a - b));
    expect(heard().length).toBeGreaterThanOrEqual(PACKETS - onItsWay);
  };
  const before = stage.discord.op4Count(guild);
  /** What the gateway was asked since then: to leave and to join make two. */
  const asked = () => stage.discord.op4Count(guild) - before;
  return { guild, listener, heardAll, asked };
}

const STEPS: readonly VoiceStep[] = ['encryptOpusPacket', 'prepareAudioPacket', 'dispatchAudio', 'udp'];

test(
  'row 1: encrypting, preparing, dispatching, sending throw, each in one server: it goes on after a re-join, others hear nothing of it',
  async () => {
    const good = await speaking('undisturbed');
    const bad = await Promise.all(STEPS.map(step => speaking(step)));
    for (const [index, step] of STEPS.entries())
      await stage.meddle({ do: 'throw', in: step, guildId: bad[index]?.guild.id ?? '' });
    await Promise.all([good.heardAll({ onItsWay: 0 }), ...bad.map(one => one.heardAll({ onItsWay: 1 }))]);
    expect(bad.map(({ asked }) => asked())).toEqual(STEPS.map(() => 2)); // out and in
    expect(good.asked()).toBe(0);
  },
  PATIENCE_MS,
);

const DAVE_OPS = [25, 27, 29, 30];
const GARBAGE: readonly (readonly number[])[] = [
  ...DAVE_OPS.map(op => [0, 1, op, 9, 9, 9]),
  ...DAVE_OPS.map(op => [0, 1, op]),
  [],
  [7],
  [0, 7],
];

test(
  'row 2: the voice gateway sends garbage of 0 to 6 bytes, each to one server: it is heard again, others hear nothing of it',
  async () => {
    const good = await speaking('undisturbed by garbage');
    const bad = await Promise.all(GARBAGE.map((_, index) => speaking(`garbage ${index}`)));
    for (const [index, bytes] of GARBAGE.entries())
      for (let times = 0; times < 2; times += 1)
        voice().sendBinary(bad[index]?.guild.id ?? '', stage.discord.applicationId, Uint8Array.from(bytes));
    await Promise.all([good.heardAll({ onItsWay: 0 }), ...bad.map(one => one.heardAll({ onItsWay: 1 }))]);
    for (const { listener, asked } of bad) {
      expect(listener.unencrypted).toBe(0);
      expect(asked()).toBeLessThanOrEqual(2);
    }
    expect(good.asked()).toBe(0);
  },
  PATIENCE_MS,
);
