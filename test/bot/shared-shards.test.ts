import { expect, test } from 'vitest';
import type { Bot } from '../sandbox/bot.ts';
import { type FleetGuild, ShardFleet } from '../support/shard-fleet.ts';
import { describePostgres } from '../support/store.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 300_000;
/** Half a second a line: lines that come five times a second wait. */
const PACKETS = 25;

/** The shards that a process has now, by what it has logged. */
function shardsOf({ output }: Bot): readonly number[] {
  const has = new Set<number>();
  for (const [, shard, what] of output.matchAll(/"shard":(\d+)[^\n]*"msg":"(took|gives) a shard/g))
    if (what === 'took') has.add(Number(shard));
    else has.delete(Number(shard));
  return [...has].toSorted((one, other) => one - other);
}

describePostgres(postgres => {
  test(
    'several processes share the shards: one is added, one killed, one drained, and all is heard once',
    async () => {
      const url = await postgres().database();
      await using fleet = await ShardFleet.start(
        url,
        { shards: 4, maxConcurrency: 2 },
        { fish: { packets: PACKETS } },
      );
      const { discord, guilds } = fleet;
      const all = [0, 1, 2, 3];
      const everywhere = (act: (one: FleetGuild) => Promise<void>) => Promise.all(guilds.map(act));

      const first = fleet.add();
      await fleet.identified(all, 1);
      await everywhere(one => fleet.joined(one));
      await everywhere(one => fleet.heard(one, `By the first, in ${one.shard}.`));

      const second = fleet.add();
      await until('it has its part', () => shardsOf(second).length === 2, PATIENCE_MS);
      const moved = shardsOf(second);
      await fleet.identified(moved, 2);
      for (const shard of moved) await until('back', () => isBack(second, fleet, shard), PATIENCE_MS);
      await everywhere(one => fleet.heard(one, `By two, in ${one.shard}.`));

      const orphan = guilds.find(({ shard }) => shardsOf(first).includes(shard)) ?? guilds[0];
      if (!orphan) throw new Error('no guild');
      await fleet.readsAll(orphan);
      await first.stop('SIGKILL');
      const later = fleet.writes(orphan, 2_000, 1);
      await until('the other has all', () => shardsOf(second).length === 4, PATIENCE_MS);
      await until('back', () => isBack(second, fleet, orphan.shard), PATIENCE_MS);
      const missed = later.written();
      for (const shard of all) await until('back', () => isBack(second, fleet, shard), PATIENCE_MS);
      // What was written shortly before somebody was there again is heard, and nothing twice.
      const found = await later.end();
      const young = Math.max(1, missed - 5);
      const old = found.heard.filter(number => number < young);
      const expected = Array.from({ length: found.written - young + 1 }, (_, index) => young + index);
      expect(found.heard).toEqual([...old.toSorted((one, other) => one - other), ...expected]);
      await everywhere(one => fleet.heard(one, `By the second alone, in ${one.shard}.`));

      const third = fleet.add();
      await until('it has its part', () => shardsOf(third).length === 2, PATIENCE_MS);
      for (const shard of shardsOf(third))
        await until('back', () => isBack(third, fleet, shard), PATIENCE_MS);
      const last = guilds.find(({ shard }) => shardsOf(second).includes(shard)) ?? guilds[0];
      if (!last) throw new Error('no guild');
      await fleet.readsAll(last);
      const lines = fleet.writes(last, 200, 12);
      await until('some are heard, and others wait', () => lines.heard().length > 2, PATIENCE_MS);
      expect((await second.stop()).code).toBe(0);
      await until('the third has all', () => shardsOf(third).length === 4, PATIENCE_MS);
      for (const shard of all) await until('back', () => isBack(third, fleet, shard), PATIENCE_MS);
      // Each line is heard, whoever had the shard when it was written: what waited, and what nobody was there to read.
      const { heard, written } = await lines.end();
      expect(heard).toEqual(Array.from({ length: written }, (_, index) => index + 1));
      await everywhere(one => fleet.heard(one, `By the third alone, in ${one.shard}.`));

      await postgres().down();
      try {
        await everywhere(one => fleet.heard(one, `Without the database, in ${one.shard}.`));
      } finally {
        await postgres().up();
      }
      expect(shardsOf(third)).toEqual(all);

      for (const one of guilds) {
        const sessions = fleet.sessionsHeard(one);
        expect(new Set(sessions).size).toBe(sessions.length); // no two processes spoke at once
      }
      expect(fleet.saidTwice).toEqual([]);
      expect(discord.earlyIdentifies.map(({ shard }) => shard)).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'without the intent Message Content all shards work, and none ends the process',
    async () => {
      const url = await postgres().database();
      await using fleet = await ShardFleet.start(url, { shards: 2, maxConcurrency: 2 });
      fleet.discord.faults.messageContentIntent = false;
      const bot = fleet.add();
      await fleet.identified([0, 1], 1);
      for (const one of fleet.guilds) await fleet.joined(one);
      expect(bot.output).toMatch(/Message Content Intent/);
      expect((await bot.stop()).code).toBe(0);
    },
    PATIENCE_MS,
  );
});

/** Whether a process is back in the voice channel of a shard's guild. */
function isBack({ output }: Bot, { guilds }: ShardFleet, shard: number): boolean {
  const id = guilds[shard]?.guild.id ?? '';
  return output.split('\n').some(line => line.includes(id) && line.includes('back in the voice channel'));
}
