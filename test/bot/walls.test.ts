import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import type { VoiceStep } from '../support/meddling.ts';
import { spokenLine } from '../support/spoken-line.ts';
import { type Stage, startStage } from '../support/stage.ts';

/** 4 s of speech. */
const PACKETS = 200;
const PATIENCE_MS = 90_000;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({ meddling: true, fish: { packets: PACKETS } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server in which a line of 4 s is being heard. */
async function speaking(name: string) {
  const { guild, listener, numbers, untilEnd } = await spokenLine(stage, { name, person: ana });
  /** Heard to its end, in order and nothing twice; but for what was on its way, if the connection was made anew. */
  const heardAll = async ({ onItsWay }: { onItsWay: number }) => {
    await untilEnd();
    expect(numbers()).toEqual([...new Set(numbers())].toSorted((a, b) => a - b));
    expect(numbers().length).toBeGreaterThanOrEqual(PACKETS - onItsWay);
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
        stage.voice.sendBinary(
          bad[index]?.guild.id ?? '',
          stage.discord.applicationId,
          Uint8Array.from(bytes),
        );
    await Promise.all([good.heardAll({ onItsWay: 0 }), ...bad.map(one => one.heardAll({ onItsWay: 1 }))]);
    for (const { listener, asked } of bad) {
      expect(listener.unencrypted).toBe(0);
      expect(asked()).toBeLessThanOrEqual(2);
    }
    expect(good.asked()).toBe(0);
  },
  PATIENCE_MS,
);
