import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { jsonFile, managedGuild } from '../support/managed-guild.ts';
import { deleteData } from '../support/privacy.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const PACKETS = 12;

let stage: Stage;
let ana: FakeUser;

beforeAll(async () => {
  stage = await startStage({ fish: { packets: PACKETS } }, discord => {
    ana = discord.addUser('Ana');
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A server without announcements, with Ana in its voice channel. */
async function server(name: string, settings: object = {}) {
  const guild = managedGuild(stage.discord, { name, manager: ana });
  const file = jsonFile({ announce: 'never', ...settings });
  await stage.discord.command(ana, guild, 'settings import', file).reply();
  return { guild, listener: await stage.discord.join(ana, guild.voiceChannel) };
}

/** Has Ana say something, to its end; returns how many sessions Fish Audio has had of these words. */
async function say(guild: FakeGuild, listener: Listener, text: string): Promise<number> {
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
  for (let time = 0; time < times; time += 1) sessions.push(await say(guild, listener, text));
  return sessions;
}

test('from the second time on it is said from memory, in the very packets, and /usage tells; /optout ends that', async () => {
  const { guild, listener } = await server('again');
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
  const { guild, listener } = await server('deleted');
  expect(await sayTimes(2, guild, listener, 'well played')).toEqual([1, 1]);
  await deleteData(stage, ana, guild);
  expect(await sayTimes(1, guild, listener, 'well played')).toEqual([2]);
});

test('a server that does not want it has each line said anew', async () => {
  const { guild, listener } = await server('anew', { cache: false });
  expect(await sayTimes(3, guild, listener, 'never the same')).toEqual([1, 2, 3]);
});
