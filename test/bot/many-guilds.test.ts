import { expect, test } from 'vitest';
import { allSpeak, startManyGuilds } from '../support/many-guilds.ts';

const GUILDS = 50;

test('row 31: fifty servers speak at once, and each hears its line whole', async () => {
  await using many = await startManyGuilds(GUILDS);
  const { whole } = await allSpeak(many, 'All speak');
  expect(whole).toBe(GUILDS);
  for (const { guild } of many.places) expect(many.stage.discord.op4Count(guild)).toBe(1);
  expect(many.stage.fish.peakSessions).toBeLessThanOrEqual(GUILDS);
}, 120_000);
