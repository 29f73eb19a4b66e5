import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { percentile } from '../bench/figures.ts';
import type { Bot } from '../sandbox/bot.ts';
import { type Account, accountOf, type Written, writes } from '../support/fleet-lines.ts';
import { type FleetGuild, ShardFleet } from '../support/shard-fleet.ts';
import { cpuSeconds, residentMb, soakMs } from '../support/soak.ts';
import { describePostgres } from '../support/store.ts';
import { until } from '../support/until.ts';

/** Discord recommends about so many guilds a shard where a bot is large. */
const SHARDS = 16;
const GUILDS = 2_000;
/** In so many of them somebody writes a line every few seconds, which takes three seconds to say. */
const SPEAKING = 60;
const PACKETS = 150;
/** Fish Audio allows the account so many sessions at once; each takes about half a second. */
const SLOTS = 12;
const ENV = { FISH_CONCURRENCY: `${SLOTS}`, DEFAULT_LOCALE: 'en-US' };
const PATIENCE_MS = 300_000;
/** Another process has to speak in the place of one that was killed within this time. */
const TAKEN_OVER_MS = 30_000;
/** Each shard that waits to log in does so within this time after the one before it. */
const LOGS_IN_WITHIN_MS = 15_000;
/** Shorter than the fence (see `src/shards/timings.ts`): after that, shards are given up, and log in anew. */
const AWAY_MS = 10_000;
/** Much longer than the fence: all shards are given up. */
const LONG_AWAY_MS = 120_000;

/** How many shards a process has taken, and not given back, by what it has logged from the character `from` on. */
function shardsOf({ output }: Bot, from = 0): number {
  const messages = [...output.slice(from).matchAll(/"msg":"(took|gives) a shard/g)];
  return messages.reduce((sum, [, what]) => sum + (what === 'took' ? 1 : -1), 0);
}

/** Waits until these processes have all shards between them, and each at least so many. `from`: see `shardsOf`. */
async function share(bots: readonly Bot[], { each = 0, from = [] as readonly number[] } = {}): Promise<void> {
  const isShared = () => {
    const counts = bots.map((bot, index) => shardsOf(bot, from[index]));
    return sum(counts) === SHARDS && counts.every(count => count >= each);
  };
  await until('these processes have all shards', isShared, PATIENCE_MS);
}

/** Starts four processes, among which the shards are even, and has the bot join wherever somebody speaks. */
async function startFour(fleet: ShardFleet): Promise<[Bot, Bot, Bot, Bot]> {
  const bots: [Bot, Bot, Bot, Bot] = [fleet.add(ENV), fleet.add(ENV), fleet.add(ENV), fleet.add(ENV)];
  await share(bots, { each: SHARDS / bots.length });
  const all = Array.from({ length: SHARDS }, (_, shard) => shard);
  await fleet.identified(all, 1);
  for (const one of fleet.guilds) await fleet.joined(one);
  return bots;
}

/** From now until `end` somebody writes in each guild. `end` returns what was written, by guild. */
function startWriting(fleet: ShardFleet): { end: () => Promise<Written[][]> } {
  const writing = new AbortController();
  const all = Promise.all(fleet.guilds.map(one => writes(fleet, one, writing.signal)));
  const end = () => {
    writing.abort();
    return all;
  };
  return { end };
}

/** What the processes need while people speak, for so long. */
async function measure(bots: readonly Bot[], ms: number): Promise<string> {
  const used = () => sum(bots.map(({ pid }) => cpuSeconds(pid)));
  const [before, from] = [used(), performance.now()];
  await sleep(ms);
  const minutes = (performance.now() - from) / 60_000;
  const memory = bots.map(({ pid }) => residentMb(pid).toFixed(0));
  return (
    `CPU-seconds for each minute of a speaking guild: ${((used() - before) / minutes / SPEAKING).toFixed(2)}; ` +
    `MB of each process: ${memory.join()}`
  );
}

/** Waits until no more shards log in: those of a process that was drained do so one after another. */
async function loggedIn({ discord }: ShardFleet): Promise<void> {
  let identifies = 0;
  for (; identifies < discord.identifies.length; await sleep(LOGS_IN_WITHIN_MS))
    identifies = discord.identifies.length;
}

/** Waits until the last line of each guild was said, and nobody has heard anything for a second. */
async function lastSaid({ fish, guilds }: ShardFleet, written: readonly Written[][]): Promise<void> {
  const isSaid = ({ listener }: FleetGuild, text = '') =>
    fish.sessions.some(session => session.text.includes(text) && session.ended === 'finish') &&
    performance.now() - (listener.heard.at(-1)?.at ?? 0) > 1_000;
  const areSaid = () => guilds.every((one, index) => isSaid(one, written[index]?.at(-1)?.text));
  await until('the last lines', areSaid, PATIENCE_MS);
}

/** What became of all lines. */
function summary({ fish }: ShardFleet, written: readonly Written[][], account: Account): string {
  const { lost, twice, inTheAir, brokenOff, waits, byGuild, takenOver } = account;
  return (
    `${sum(written.map(own => own.length))} lines: ${lost.length} lost, ${inTheAir} in the air at the kill, ${brokenOff} broken off, ${twice.length} said twice; ` +
    `from writing to hearing p50 ${percentile(waits, 50).toFixed(0)}, p99 ${percentile(waits, 99).toFixed(0)} ms; ` +
    `by guild ${percentile(byGuild, 0).toFixed(0)} to ${percentile(byGuild, 100).toFixed(0)} ms; ` +
    `guilds of the killed process spoke again after ${percentile(takenOver, 50).toFixed(0)}, at most ${percentile(takenOver, 100).toFixed(0)} ms; ` +
    `at most ${fish.peakSessions} sessions at Fish Audio`
  );
}

/** In no guild did two processes speak at once, no shard logged in too early, and Fish Audio refused no session. */
function checkSharing(fleet: ShardFleet): void {
  for (const one of fleet.guilds) {
    const sessions = fleet.sessionsHeard(one);
    expect(new Set(sessions).size).toBe(sessions.length);
  }
  expect(fleet.discord.earlyIdentifies.map(({ shard }) => shard)).toEqual([]);
  expect(fleet.fish.tooMany).toEqual([]);
}

/** People write until all guilds hear the bot, as they have not yet. */
async function heardAgain(fleet: ShardFleet): Promise<void> {
  const before = fleet.guilds.map(({ listener }) => listener.heard.length);
  const writing = startWriting(fleet);
  const isBack = ({ listener }: FleetGuild, index: number) =>
    listener.heard.slice(before[index]).some(({ silence }) => !silence);
  await until('all guilds hear the bot again', () => fleet.guilds.every(isBack), PATIENCE_MS);
  await writing.end();
}

const sum = (values: readonly number[]) => values.reduce((one, other) => one + other, 0);

const secondsSince = (time: number) => ((performance.now() - time) / 1_000).toFixed(1);

describePostgres(postgres => {
  test('four processes, sixteen shards, 2,000 guilds: one process is killed, one added, one drained; PostgreSQL goes', async () => {
    const url = await postgres().database();
    const fish = { packets: PACKETS, maxConcurrency: SLOTS, eventMs: 20, packetsPerEvent: 6 };
    await using fleet = await ShardFleet.start(
      url,
      { shards: SHARDS, maxConcurrency: 1 }, // as for a bot of that size
      { places: SPEAKING, idle: GUILDS - SPEAKING, fish },
    );
    const { discord } = fleet;
    const began = performance.now();
    const tell = (what: string) => console.log(`${secondsSince(began).padStart(6)} s  ${what}`);
    // With less than two SOAK_MINUTES, a guild may move again before it has caught up, and what it missed grows too old.
    const part = soakMs() / 5;

    const bots = await startFour(fleet);
    const [killed, drained, ...staying] = bots;
    const counts = bots.map(bot => shardsOf(bot)).join();
    tell(`${counts} shards, ${GUILDS} guilds, ${SPEAKING} of them speaking`);
    const writing = startWriting(fleet);
    tell(await measure(bots, part));

    const killedAt = performance.now();
    await killed.stop('SIGKILL');
    await share([drained, ...staying]);
    tell(`killed: the others have its shards after ${secondsSince(killedAt)} s`);
    await sleep(part);

    const added = fleet.add(ENV);
    await share([drained, added, ...staying], { each: 3 });
    tell('added: it has its part');
    await sleep(part);

    const drainedAt = performance.now();
    const living = [added, ...staying];
    expect((await drained.stop()).code).toBe(0);
    await share(living, { each: Math.floor(SHARDS / living.length) });
    tell(`drained: the others have its shards after ${secondsSince(drainedAt)} s`);
    await sleep(part);

    await loggedIn(fleet);
    const identifies = discord.identifies.length;
    const awayAt = performance.now();
    await postgres().down();
    await sleep(AWAY_MS);
    await postgres().up();
    expect(performance.now() - awayAt).toBeGreaterThan(AWAY_MS - 100);
    await sleep(part);
    expect(discord.identifies).toHaveLength(identifies);
    tell('PostgreSQL was away for ten seconds');

    const written = await writing.end();
    await lastSaid(fleet, written);
    const account = accountOf(fleet, written, { began, killedAt });
    tell(summary(fleet, written, account));
    const { lost, twice, byGuild, takenOver } = account;
    expect(lost).toEqual([]);
    expect(twice).toEqual([]);
    expect(takenOver.length).toBeGreaterThan(0);
    expect(percentile(takenOver, 100)).toBeLessThan(TAKEN_OVER_MS);
    expect(fleet.fish.peakSessions).toBeLessThanOrEqual(SLOTS);
    expect(Math.max(...byGuild)).toBeLessThan(2 * percentile(byGuild, 50) + 500);
    checkSharing(fleet);

    const logged = living.map(({ output }) => output.length);
    await postgres().down();
    await sleep(LONG_AWAY_MS);
    for (const [index, { output }] of living.entries())
      expect(output.slice(logged[index])).toContain('gives up its shards until PostgreSQL answers');
    await postgres().up();
    const upAt = performance.now();
    await share(living, { from: logged });
    await heardAgain(fleet);
    tell(`PostgreSQL was away for two minutes: all guilds hear the bot again after ${secondsSince(upAt)} s`);
    checkSharing(fleet);
  });
});
