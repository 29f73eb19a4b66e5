import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Measures } from '../support/meddling.ts';
import { startStage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const MANAGE_GUILD = String(1n << 5n);
const PEOPLE = 1_000;
const MESSAGES = 10_000;
const IN_MS = 10_000;
const WAVES = 100;

test('row 19: ten thousand messages of a thousand people in ten seconds: bounded, steerable, each read or with its reason', async () => {
  await using stage = await startStage({ fish: { packets: 10 }, meddling: true });
  const { discord, fish } = stage;
  const guild = discord.addGuild({ name: 'Busy' });
  const ana = discord.addUser('Ana');
  guild.addMember(ana, { permissions: MANAGE_GUILD });
  const people = Array.from({ length: PEOPLE }, (_, index) => discord.addUser(`Person ${index}`));
  for (const person of people) guild.addMember(person);
  await discord.join(ana, guild.voiceChannel);
  const use = (name: string, options = {}) => discord.command(ana, guild, name, options);
  await use('join').reply();
  const bytes = Buffer.from('{"requireVoice":false,"personBytesPerMinute":100000}');
  await use('settings import', { file: { name: 'settings.json', bytes } }).reply();

  /** What the bot holds, in MB, without garbage: how much of that lies about depends on how busy the machine is. */
  const heldMb = async () => ((await stage.meddle({ do: 'measure' })) as Measures).heapBytes / 1e6;
  let written = 0;
  const write = (count: number) =>
    Array.from({ length: count }, () => {
      const person = people[written % PEOPLE] ?? ana;
      written += 1;
      return discord.message(person, guild.textChannel, `Message number ${written} of a very busy evening`);
    });
  write(MESSAGES / 10); // caches fill, code is compiled
  await sleep(3_000);
  const before = await heldMb();

  const skips: number[] = [];
  const messages = [];
  const began = performance.now();
  for (let wave = 1; wave <= WAVES; wave += 1) {
    messages.push(...write(MESSAGES / WAVES));
    if (wave % 10 === 0) {
      const skip = use('skip');
      const { ms } = await skip.firstResponse;
      skips.push(ms);
    }
    // On a busy machine the messages come more slowly, since each answer has to come in time.
    if (wave % 2 === 0) await use('queue').firstResponse;
    await sleep(Math.max(0, (IN_MS / WAVES) * wave - (performance.now() - began)));
  }
  const grown = (await heldMb()) - before;
  console.log(`memory +${grown.toFixed(1)} MB; /skip ${skips.map(Math.round).join(', ')} ms`);
  expect(grown).toBeLessThan(20);

  const queue = await use('queue').reply();
  expect(queue).toMatch(/Message number/);
  await use('stop').reply();
  const fates = new Map<string, number>();
  for (const message of messages.filter((_, index) => index % 100 === 0)) {
    const fate = await use('why', { message: message.id }).reply();
    fates.set(fate, (fates.get(fate) ?? 0) + 1);
  }
  expect([...fates.keys()].join('\n')).not.toMatch(/know nothing/);
  expect(fates.size).toBeGreaterThan(1);
  await until('silence', () => fish.sessions.every(({ ended }) => ended !== undefined));
  const spoken = fish.sessions.length;
  expect(spoken).toBeLessThan(200); // nobody is made to listen to an hour of backlog, or to pay for it
}, 120_000);
