import { expect, test } from 'vitest';
import { ShardFleet } from '../support/shard-fleet.ts';
import { describePostgres } from '../support/store.ts';

const PATIENCE_MS = 180_000;

describePostgres(postgres => {
  test(
    'processes with shards of their own work beside each other; one that would have theirs ends with exit code 75',
    async () => {
      const url = await postgres().database();
      await using fleet = await ShardFleet.start(url, { shards: 4, maxConcurrency: 4 });
      const low = fleet.add({ SHARDS: '0-1/4' });
      const high = fleet.add({ SHARDS: '2-3/4' });
      await fleet.identified([0, 1, 2, 3], 1);
      for (const one of fleet.guilds) await fleet.joined(one);
      for (const one of fleet.guilds) await fleet.heard(one, `Here is shard ${one.shard}.`);
      // One that would have the same shards, and one that would divide them in another way.
      const others = ['auto', 'shared'].map(SHARDS => fleet.add({ SHARDS }));
      for (const other of others) {
        expect(await other.exited).toBe(75);
        expect(other.output).toMatch(/^Another Parrotfish .*: stop that one first, or set SHARDS /m);
      }
      expect(fleet.discord.identifies).toHaveLength(4);
      for (const bot of [low, high]) expect((await bot.stop()).code).toBe(0);
      const rows = await postgres().ask(url.slice(url.lastIndexOf('/') + 1), 'select * from shard_hold');
      expect(rows).toEqual([]);
    },
    PATIENCE_MS,
  );
});
