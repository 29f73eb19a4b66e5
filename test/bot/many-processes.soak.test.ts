import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { percentile } from '../bench/figures.ts';
import type { Bot } from '../sandbox/bot.ts';
import type { FakeFish } from '../sandbox/fish/fish.ts';
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
const EACH_MS = 4_000;
/** Fish Audio allows the account so many sessions at once; each takes about half a second. */
const SLOTS = 12;
const PATIENCE_MS = 300_000;
/** Another process has to speak in the place of one that was killed within this time. */
const TAKEN_OVER_MS = 30_000;
/** What was written so shortly before a kill may have been in the air, or in the queue of the process. */
const IN_THE_AIR_MS = 12_000;
/** Shorter than the fence (see `src/shards/timings.ts`): after that, shards are given up, and log in anew. */
const AWAY_MS = 10_000;

interface Written {
  readonly text: string;
  readonly at: number;
}

interface Said {
  readonly text: string;
  /** When its first packet was heard. */
  readonly at: number;
}

/** Has somebody in a guild write a line each few seconds, from now until the signal. */
async function writes(fleet: ShardFleet, place: FleetGuild, signal: AbortSignal): Promise<Written[]> {
  const lines: Written[] = [];
  const name = fleet.guilds.indexOf(place);
  await sleep((EACH_MS * name) / SPEAKING);
  for (let number = 1; !signal.aborted; number += 1, await sleep(EACH_MS)) {
    const text = `Line ${number} of ${name}.`;
    fleet.discord.message(place.ana, place.guild.voiceChannel, text);
    lines.push({ text, at: performance.now() });
  }
  return lines;
}

/** The lines that were heard whole in a guild, with when; and how many were broken off. */
function saidIn(fish: FakeFish, { listener }: FleetGuild): { whole: Said[]; broken: number } {
  const heard = listener.heard.filter(({ silence }) => !silence);
  const packets = heard.map(({ opus }) => opus.toString('latin1'));
  const byFirst = Map.groupBy(
    fish.sessions.filter(session => session.packets.length > 0),
    session => session.packets[0]?.toString('latin1'),
  );
  const whole: Said[] = [];
  let broken = 0;
  for (let at = 0; at < packets.length; ) {
    const session = byFirst
      .get(packets[at])
      ?.find(({ packets: sent }) =>
        sent.every((packet, index) => packets[at + index] === packet.toString('latin1')),
      );
    if (session) {
      // What was written close together, or caught up with, is said in one breath.
      for (const [text] of session.text.matchAll(/Line \d+ of \d+\./g))
        whole.push({ text, at: heard[at]?.at ?? 0 });
      at += session.packets.length;
      continue;
    }
    broken += 1; // the rest of the packets up to the next beginning of a line are of one that was broken off
    do at += 1;
    while (at < packets.length && !byFirst.has(packets[at]));
  }
  return { whole, broken };
}

/** What became of a line that was not heard whole. */
function fateOf(text: string, { sessions }: FakeFish, { listener }: FleetGuild): string {
  const heard = new Set(listener.heard.map(({ opus }) => opus.toString('latin1')));
  const tries = sessions
    .filter(session => session.text.includes(text))
    .map(({ ended, packets }) => {
      const count = packets.filter(packet => heard.has(packet.toString('latin1'))).length;
      return `${ended ?? 'not ended'}, ${count} of ${packets.length} packets heard`;
    });
  return tries.length === 0
    ? 'Fish Audio was not asked'
    : `${tries.join('; ')}; ${listener.early} came early`;
}

/** How many shards a process has now, by what it has logged. */
function shardsOf({ output }: Bot): number {
  const messages = [...output.matchAll(/"msg":"(took|gives) a shard/g)];
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

    const [identifies, awayAt] = [discord.identifies.length, performance.now()];
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

    const waits: number[] = [];
    const byGuild: number[] = [];
    const takenOver: number[] = [];
    let [lines, inTheAir, brokenOff] = [0, 0, 0];
    const lost: string[] = [];
    const twice: string[] = [];
    for (const [index, one] of guilds.entries()) {
      const { whole, broken } = saidIn(fleet.fish, one);
      const at = new Map<string, number>();
      for (const said of whole) {
        if (at.has(said.text)) twice.push(said.text);
        at.set(said.text, said.at);
      }
      brokenOff += broken;
      const own: number[] = [];
      for (const line of written[index] ?? []) {
        lines += 1;
        const said = at.get(line.text);
        if (said !== undefined) own.push(said - line.at);
        else if (line.at > killedAt - IN_THE_AIR_MS && line.at < killedAt) inTheAir += 1;
        else
          lost.push(
            `${line.text} at ${((line.at - began) / 1_000).toFixed(0)} s: ${fateOf(line.text, fleet.fish, one)}`,
          );
      }
      waits.push(...own);
      byGuild.push(percentile(own, 50));
      const pauses = one.listener.heard.filter(({ silence }) => !silence).map(packet => packet.at);
      const before = pauses.findLast(time => time < killedAt) ?? killedAt;
      const next = pauses.find(time => time > killedAt) ?? Number.POSITIVE_INFINITY;
      if (next - before > EACH_MS + 2_000) takenOver.push(next - killedAt);
    }
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
  });
});
