import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { percentile } from '../bench/figures.ts';
import type { Bot } from '../sandbox/bot.ts';
import { accountOf, writes } from '../support/fleet-lines.ts';
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

describePostgres(postgres => {
  test('four processes, sixteen shards, 2,000 guilds: one process is killed, one added, one drained; PostgreSQL goes', async () => {
    const url = await postgres().database();
    const fish = { packets: PACKETS, maxConcurrency: SLOTS, eventMs: 20, packetsPerEvent: 6 };
    await using fleet = await ShardFleet.start(
      url,
      { shards: SHARDS, maxConcurrency: 1 }, // as for a bot of that size
      { places: SPEAKING, idle: GUILDS - SPEAKING, fish },
    );
    const { discord, guilds } = fleet;
    const began = performance.now();
    const clock = () => `${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s`;
    const tell = (what: string) => console.log(`${clock()}  ${what}`);
    const env = { FISH_CONCURRENCY: `${SLOTS}`, DEFAULT_LOCALE: 'en-US' };
    const bots = [0, 1, 2, 3].map(() => fleet.add(env));
    const shared = (...them: Bot[]) => them.reduce((sum, bot) => sum + shardsOf(bot), 0) === SHARDS;
    await until(
      'all have their part',
      () => shared(...bots) && bots.every(bot => shardsOf(bot) === 4),
      PATIENCE_MS,
    );
    await fleet.identified(
      Array.from({ length: SHARDS }, (_, shard) => shard),
      1,
    );
    for (const one of guilds) await fleet.joined(one);
    tell(`${bots.map(shardsOf).join()} shards, ${GUILDS} guilds, ${SPEAKING} of them speaking`);

    const part = soakMs() / 5;
    const writing = new AbortController();
    const all = Promise.all(guilds.map(one => writes(fleet, one, writing.signal)));
    const used = bots.map(({ pid }) => cpuSeconds(pid));
    const from = performance.now();
    await sleep(part);
    const cpu = bots.map(({ pid }, index) => cpuSeconds(pid) - (used[index] ?? 0));
    const [minutes, memory] = [(performance.now() - from) / 60_000, bots.map(({ pid }) => residentMb(pid))];
    tell(
      `CPU-seconds for each minute of a speaking guild: ${(cpu.reduce((sum, one) => sum + one) / minutes / SPEAKING).toFixed(2)}; ` +
        `MB of each process: ${memory.map(mb => mb.toFixed(0)).join()}`,
    );

    const [killed, drained, ...staying] = bots as [Bot, Bot, ...Bot[]];
    const killedAt = performance.now();
    await killed.stop('SIGKILL');
    await until('the others have its shards', () => shared(drained, ...staying), PATIENCE_MS);
    tell(`killed: the others have its shards after ${((performance.now() - killedAt) / 1_000).toFixed(1)} s`);
    await sleep(part);

    const added = fleet.add(env);
    await until(
      'it has its part',
      () => shardsOf(added) >= 3 && shared(drained, added, ...staying),
      PATIENCE_MS,
    );
    tell('added: it has its part');
    await sleep(part);

    const drainedAt = performance.now();
    expect((await drained.stop()).code).toBe(0);
    const even = () => [added, ...staying].every(bot => shardsOf(bot) >= Math.floor(SHARDS / 3));
    await until('the others have its shards', () => shared(added, ...staying) && even(), PATIENCE_MS);
    tell(
      `drained: the others have its shards after ${((performance.now() - drainedAt) / 1_000).toFixed(1)} s`,
    );
    await sleep(part);

    // The shards of the process that was drained log in one after another.
    let identifies = 0;
    for (; identifies < discord.identifies.length; await sleep(LOGS_IN_WITHIN_MS))
      identifies = discord.identifies.length;
    const awayAt = performance.now();
    await postgres().down();
    await sleep(AWAY_MS);
    await postgres().up();
    const backAt = performance.now();
    await sleep(part);
    expect(discord.identifies).toHaveLength(identifies);
    tell('PostgreSQL was away for ten seconds');

    writing.abort();
    const written = await all;
    const lastOf = (index: number) => written[index]?.at(-1)?.text;
    const isSaid = (one: FleetGuild, text?: string) =>
      fleet.fish.sessions.some(session => session.text.includes(text ?? '') && session.ended === 'finish') &&
      performance.now() - (one.listener.heard.at(-1)?.at ?? 0) > 1_000;
    await until(
      'the last lines',
      () => guilds.every((one, index) => isSaid(one, lastOf(index))),
      PATIENCE_MS,
    );

    const { lost, twice, inTheAir, brokenOff, waits, byGuild, takenOver } = accountOf(fleet, written, {
      began,
      killedAt,
    });
    const lines = written.reduce((sum, own) => sum + own.length, 0);
    tell(
      `${lines} lines: ${lost.length} lost, ${inTheAir} in the air at the kill, ${brokenOff} broken off, ${twice.length} said twice; ` +
        `from writing to hearing p50 ${percentile(waits, 50).toFixed(0)}, p99 ${percentile(waits, 99).toFixed(0)} ms; ` +
        `by guild ${percentile(byGuild, 0).toFixed(0)} to ${percentile(byGuild, 100).toFixed(0)} ms; ` +
        `guilds of the killed process spoke again after ${percentile(takenOver, 50).toFixed(0)}, at most ${percentile(takenOver, 100).toFixed(0)} ms; ` +
        `at most ${fleet.fish.peakSessions} sessions at Fish Audio`,
    );
    expect(lost).toEqual([]);
    expect(twice).toEqual([]);
    expect(backAt - awayAt).toBeGreaterThan(AWAY_MS - 100);
    expect(takenOver.length).toBeGreaterThan(0);
    expect(percentile(takenOver, 100)).toBeLessThan(TAKEN_OVER_MS);
    expect(fleet.fish.peakSessions).toBeLessThanOrEqual(SLOTS);
    expect(Math.max(...byGuild)).toBeLessThan(2 * percentile(byGuild, 50) + 500);
    for (const one of guilds) {
      const sessions = fleet.sessionsHeard(one);
      expect(new Set(sessions).size).toBe(sessions.length); // no two processes spoke at once
    }
    expect(discord.earlyIdentifies.map(({ shard }) => shard)).toEqual([]);
    expect(fleet.fish.tooMany).toEqual([]);

    const living = [added, ...staying];
    const logged = living.map(({ output }) => output.length);
    await postgres().down();
    await sleep(LONG_AWAY_MS);
    for (const [index, { output }] of living.entries())
      expect(output.slice(logged[index])).toContain('gives up its shards until PostgreSQL answers');
    await postgres().up();
    const upAt = performance.now();
    const sharedAgain = () =>
      living.reduce((sum, bot, index) => sum + shardsOf(bot, logged[index]), 0) === SHARDS;
    await until('the shards are shared again', sharedAgain, PATIENCE_MS);
    const [heard, writesAgain] = [guilds.map(({ listener }) => listener.heard.length), new AbortController()];
    const again = Promise.all(guilds.map(one => writes(fleet, one, writesAgain.signal)));
    const isBack = ({ listener }: FleetGuild, index: number) =>
      listener.heard.slice(heard[index]).some(({ silence }) => !silence);
    await until('all guilds hear the bot again', () => guilds.every(isBack), PATIENCE_MS);
    writesAgain.abort();
    await again;
    const after = ((performance.now() - upAt) / 1_000).toFixed(0);
    tell(`PostgreSQL was away for two minutes: all guilds hear the bot again after ${after} s`);
    for (const one of guilds) {
      const sessions = fleet.sessionsHeard(one);
      expect(new Set(sessions).size).toBe(sessions.length);
    }
    expect(discord.earlyIdentifies.map(({ shard }) => shard)).toEqual([]);
    expect(fleet.fish.tooMany).toEqual([]);
  });
});
