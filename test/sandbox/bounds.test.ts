import { once } from 'node:events';
import { Events } from 'discord.js';
import { expect, test } from 'vitest';
import { app, useApps } from './app.ts';
import { keepNewest } from './keep-newest.ts';

/** The sandbox can run for days: what it remembers has bounds. */

useApps();

const MORE_THAN_KEPT = 10_100;

test('the oldest messages are lost, and a bot that has missed too many events begins anew', async () => {
  const { discord, guild, ana, bot } = await app();
  const sessions = discord.identifies.length;
  const again = once(bot, Events.ShardReady);
  discord.closeGateway(1001);
  const first = discord.message(ana, guild.textChannel, 'First');
  for (let n = 0; n < MORE_THAN_KEPT; n += 1) discord.message(ana, guild.textChannel, 'x');
  const last = discord.message(ana, guild.textChannel, 'Last');
  expect(() => discord.edit(first, 'Changed')).toThrow('the message is gone');
  expect(discord.messages(guild.textChannel).at(-1)).toBe(last);
  await again;
  expect(discord.identifies.length).toBeGreaterThan(sessions);
});

test('the newest entries of a map are kept', () => {
  const map = new Map([1, 2, 3, 4].map(key => [key, '']));
  map.set(1, 'changed');
  keepNewest(map, 2);
  expect([...map.keys()]).toEqual([3, 4]);
  keepNewest(map, 5);
  expect(map.size).toBe(2);
});
