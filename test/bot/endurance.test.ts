import { expect, test } from 'vitest';
import type { Measures } from '../support/meddling.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** Comings and goings until caches are full and code is compiled, and as many as are watched after them. */
const WARM_UP = 3;
const WATCHED = 5;
/** A leaked session, with its buffers, is some hundred kilobytes. */
const MOST_BYTES = 2 << 20;
/**
 * Connections kept open for the next request, which may be more at one time than at another: fewer than one a round.
 */
const SPARE_RESOURCES = WATCHED - 1;
const PATIENCE_MS = 90_000;

function count({ resources }: Measures): number {
  return Object.values(resources).reduce((sum, each) => sum + each, 0);
}

async function measure({ bot }: Stage): Promise<Measures> {
  return (await bot.order({ do: 'measure' })) as Measures;
}

test('row 32: comings, faults and goings leave nothing behind: no memory, sockets or timers', async () => {
  await using stage = await startStage({ fish: { packets: 12 }, meddling: true });
  const { discord, fish, bot } = stage;
  const guild = discord.addGuild({ name: 'Comes and goes' });
  const ana = discord.addUser('Ana');
  guild.addMember(ana);
  const listener = await discord.join(ana, guild.voiceChannel);
  const say = async (text: string) => {
    discord.message(ana, guild.textChannel, text);
    const heardToItsEnd = () =>
      fish.sessions.some(({ ended, text: said, packets }) => {
        const last = packets.at(-1);
        return (
          ended === 'finish' &&
          last &&
          said.includes(text) &&
          listener.speech().some(packet => packet.equals(last))
        );
      });
    await until(text, heardToItsEnd, PATIENCE_MS);
  };
  const cycle = async (number: number) => {
    discord.forget();
    fish.forget();
    await discord.command(ana, guild, 'join').reply(PATIENCE_MS);
    await say(`Round ${number}, to begin with.`);
    if (number % 2 === 0) discord.voice[0]?.close(guild.id, discord.applicationId, 4006);
    else fish.behaviour.fault = { kind: 'close', code: 1006, afterPackets: 5 };
    fish.behaviour.faultTimes = 1;
    if (number % 3 === 0) discord.reconnectGateway();
    await say(`Round ${number}, once more.`);
    await discord.command(ana, guild, 'leave').reply(PATIENCE_MS);
    fish.dropIdleSockets('terminate');
  };
  for (let number = 0; number < WARM_UP; number += 1) await cycle(number);
  const before = await measure(stage);
  for (let number = WARM_UP; number < WARM_UP + WATCHED; number += 1) await cycle(number);
  // A connection that is just closing goes by itself, within moments: what leaked stays.
  let grown = '';
  const isAsBefore = async () => {
    const after = await measure(stage);
    grown = JSON.stringify({ before, after });
    return (
      count(after) - count(before) <= SPARE_RESOURCES && after.heapBytes - before.heapBytes <= MOST_BYTES
    );
  };
  await until('as few resources as before', isAsBefore, PATIENCE_MS).catch((error: unknown) => {
    throw new Error(grown, { cause: error });
  });
  expect(bot.output).not.toMatch(/MaxListenersExceeded/);
}, 180_000);
