import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { spokenLine } from '../support/spoken-line.ts';
import { addUsers, type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** How many packets of 20 ms a line has: where people come and go for seconds, and where less happens meanwhile. */
const LONG = 500;
const SHORT = 250;
const PATIENCE_MS = 60_000;

let stage: Stage;
let ana: FakeUser;
let others: readonly FakeUser[];

beforeAll(async () => {
  stage = await startStage({ fish: { packets: SHORT } }, discord => {
    ana = discord.addUser('Ana');
    others = addUsers(discord, 'Ben', 'Cat', 'Dan');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server in which Ana hears a line. */
function speaking(name: string, packets: number) {
  stage.fish.behaviour.packets = packets;
  return spokenLine(stage, { name, person: ana, others, patienceMs: 30_000 });
}

/** Of a thousand frames at most one cannot be decrypted, and nobody is sent one unencrypted. */
function expectDecrypted(listener: Listener): void {
  expect(listener.undecryptable).toBeLessThanOrEqual(Math.ceil(listener.heard.length / 1_000));
  expect(listener.unencrypted).toBe(0);
}

test(
  'row 13: people come and go while the bot speaks: all who are there can decrypt it',
  async () => {
    const { guild, listener, numbers, untilEnd } = await speaking('come and go', LONG);
    const heard = [listener];
    for (const person of others) {
      heard.push(await stage.discord.join(person, guild.voiceChannel));
      await sleep(400);
    }
    for (const person of others) {
      await stage.discord.leave(person, guild);
      await sleep(200);
    }
    heard.push(await stage.discord.join(others[0] ?? ana, guild.voiceChannel));
    await untilEnd(listener);
    expect(numbers(listener)).toEqual(Array.from({ length: LONG }, (_, index) => index));
    for (const one of heard) {
      expect(one.speech().length).toBeGreaterThan(5);
      expectDecrypted(one);
    }
    expect(stage.discord.op4Count(guild)).toBe(1);
  },
  PATIENCE_MS,
);

test(
  'row 13: everybody leaves, and people come again: the new ones can decrypt the next line',
  async () => {
    const { guild } = await speaking('empties', SHORT);
    await stage.discord.leave(ana, guild);
    await sleep(1_000);
    const [ben = ana, cat = ana] = others;
    const refilled = await Promise.all(
      [ben, cat].map(person => stage.discord.join(person, guild.voiceChannel)),
    );
    await stage.discord.command(ben, guild, 'say', { text: 'For the new ones.' }).reply();
    const last = () =>
      stage.fish.sessions.find(({ text }) => text.includes('For the new ones.'))?.packets.at(-1);
    for (const one of refilled) {
      await until(
        'the end',
        () =>
          one
            .speech()
            .at(-1)
            ?.equals(last() ?? Buffer.of()) ?? false,
        40_000,
      );
      expectDecrypted(one);
    }
    expect(stage.discord.op4Count(guild)).toBe(1);
  },
  PATIENCE_MS,
);

test(
  'row 13: encryption ends and begins again in mid-speech: nothing but what was on its way is lost',
  async () => {
    const { guild, listener, numbers, untilEnd } = await speaking('to v0 and back', SHORT);
    stage.voice.downgrade(guild.voiceChannel.id);
    await until('plain speech', () => listener.heard.at(-1)?.endToEnd === false, 60_000);
    await sleep(1_000);
    stage.voice.upgrade(guild.voiceChannel.id);
    await untilEnd(listener);
    expect(numbers(listener)).toEqual([...new Set(numbers(listener))].toSorted((a, b) => a - b));
    expect(numbers(listener).length).toBeGreaterThanOrEqual(SHORT - 2);
    expect(listener.heard.at(-1)?.silence || listener.heard.some(packet => packet.endToEnd)).toBe(true);
    expectDecrypted(listener);
  },
  PATIENCE_MS,
);
