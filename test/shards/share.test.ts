import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareStep } from '../../src/shards/share.ts';
import type { ShardView } from '../../src/store/processes/shard-session.ts';

/** Who holds what: for each member's number its shards, and the shards of processes that are no members. */
type Holders = ReadonlyMap<number, readonly number[]>;

function viewOf(me: number | null, holders: Holders, elsewhere: readonly number[] = []): ShardView {
  const held = new Map<number, { own: boolean; byMember: boolean }>();
  for (const shard of elsewhere) held.set(shard, { own: false, byMember: false });
  for (const [id, shards] of holders)
    for (const shard of shards) held.set(shard, { own: id === me, byMember: true });
  const members = new Map([...holders].map(([id, { length }]) => [id, length] as const));
  return { me, members, held, abandoned: new Map() };
}

const holding = (...counts: number[]): Holders => {
  let next = 0;
  return new Map(counts.map((count, id) => [id, Array.from({ length: count }, () => next++)]));
};

test.each([
  ['alone it takes all', 0, holding(0), 4, { give: 0, take: 4 }],
  ['a newcomer finds none free', 1, holding(4, 0), 4, { give: 0, take: 0 }],
  ['the one who has all gives half', 0, holding(4, 0), 4, { give: 2, take: 0 }],
  ['of two newcomers each may take half', 0, holding(0, 0), 4, { give: 0, take: 2 }],
  [
    'three on four: the third has too few, and the first gives one',
    0,
    holding(2, 2, 0),
    4,
    { give: 1, take: 0 },
  ],
  ['three on four: the second keeps its two', 1, holding(2, 2, 0), 4, { give: 0, take: 0 }],
  ['two, one and one of four is fair', 0, holding(2, 1, 1), 4, { give: 0, take: 0 }],
  ['a free one goes to whoever has too few', 0, holding(1, 2, 0), 4, { give: 0, take: 0 }],
  ['more processes than shards: who has one keeps it', 0, holding(1, 1, 0), 2, { give: 0, take: 0 }],
  ['more processes than shards: who has none waits', 2, holding(1, 1, 0), 2, { give: 0, take: 0 }],
])('%s', (_name, me, holders, count, step) => {
  expect(shareStep(viewOf(me, holders), count)).toEqual(step);
});

test('who is no member does nothing, and what processes hold that are none is not shared', () => {
  expect(shareStep(viewOf(null, holding(2)), 4)).toEqual({ give: 0, take: 0 });
  expect(shareStep(viewOf(0, holding(0, 0), [10, 11]), 4)).toEqual({ give: 0, take: 1 });
});

test('from any beginning, processes that act in any order come to a fair share, and rest', () => {
  const worlds = fc.record({
    shares: fc.array(fc.nat(6), { minLength: 1, maxLength: 6 }),
    free: fc.nat(6),
    seed: fc.infiniteStream(fc.nat(1_000)),
  });
  fc.assert(
    fc.property(worlds, ({ shares, free, seed }) => {
      const holders = new Map([...holding(...shares)].map(([id, shards]) => [id, [...shards]]));
      const count = shares.reduce((sum, share) => sum + share, free);
      if (count === 0) return;
      const isFree = (shard: number) => ![...holders.values()].some(shards => shards.includes(shard));
      for (let round = 0; round < 60 * shares.length; round++) {
        const me = (seed.next().value as number) % shares.length;
        const { give, take } = shareStep(viewOf(me, holders), count);
        const mine = holders.get(me) ?? [];
        if (give > 0) mine.pop();
        const all = Array.from({ length: count }, (_, shard) => shard);
        mine.push(...all.filter(isFree).slice(0, take));
      }
      const counts = [...holders.values()].map(({ length }) => length);
      expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }),
  );
});
