import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWantedFrom, planSlots, type SlotParty } from '../../../src/store/slots/slot-plan.ts';

/** A process with so many slots, of which it uses some, and lines that wait: [sessions of the guild, since]. */
const party = (
  process: string,
  held: number,
  used: number,
  ...waiting: (readonly [running: number, since: number])[]
): SlotParty => ({
  process,
  held,
  used,
  waiting: waiting.map(([running, since]) => ({ running, since })),
});

const granted = (parties: readonly SlotParty[], limit: number) =>
  Object.fromEntries(planSlots(parties, limit).grants);

test('a process alone gets all slots, and processes that want nothing equally many', () => {
  expect(granted([party('a', 0, 0)], 5)).toEqual({ a: 5 });
  expect(granted([party('a', 0, 0), party('b', 0, 0)], 5)).toEqual({ a: 3, b: 2 });
  expect(granted([party('a', 3, 3), party('b', 0, 0)], 5)).toEqual({ a: 1, b: 1 });
});

test('who waits comes before who wants one to spare', () => {
  expect(granted([party('a', 2, 2), party('b', 1, 1, [0, 1])], 4)).toEqual({ b: 1 });
  const line = [0, 7] as const;
  expect(granted([party('a', 1, 0, line), party('b', 0, 0, line)], 2)).toEqual({ b: 1 }); // `a` has one for it
});

test('a free slot goes to the guild with the fewest sessions, and of equals to the one that waits longest', () => {
  const busy = party('a', 2, 2, [2, 1], [1, 5]);
  expect(granted([busy, party('b', 2, 2, [1, 4])], 5)).toEqual({ b: 1 });
  expect(granted([busy, party('b', 2, 2, [1, 6])], 5)).toEqual({ a: 1 });
  expect(granted([busy, party('b', 2, 2, [0, 9])], 5)).toEqual({ b: 1 });
});

test('slots are wanted from all but the one process that lacks them, and from all where there are too many', () => {
  const plan = planSlots([party('a', 3, 1), party('b', 2, 2, [0, 1])], 5);
  expect(plan.grants.size).toBe(0);
  expect(['a', 'b'].map(name => isWantedFrom(name, plan))).toEqual([true, false]);
  const both = planSlots([party('a', 3, 3, [1, 1]), party('b', 2, 2, [0, 1])], 5);
  expect(['a', 'b'].map(name => isWantedFrom(name, both))).toEqual([true, true]);
  const lowered = planSlots([party('a', 5, 2)], 3);
  expect(isWantedFrom('a', lowered)).toBe(true);
  expect(isWantedFrom('a', planSlots([party('a', 5, 5)], 5))).toBe(false);
});

test('a process that has several to spare is asked for some where another has none', () => {
  expect(planSlots([party('a', 5, 0), party('b', 0, 0)], 5).level).toBe(3);
  expect(planSlots([party('a', 1, 0), party('b', 0, 0)], 1).level).toBeNull();
  expect(planSlots([party('a', 3, 0), party('b', 2, 0)], 5).level).toBeNull();
});

/** Processes with guilds that always want more than they get, for so many turns; who is served, by guild. */
function contest(
  guilds: Readonly<Record<string, number>>,
  limit: number,
  turns: number,
): ReadonlyMap<string, number> {
  interface Guild {
    readonly process: string;
    since: number;
    readonly ends: number[];
  }
  const all: Guild[] = Object.entries(guilds).flatMap(([process, count]) =>
    Array.from({ length: count }, () => ({ process, since: 0, ends: [] })),
  );
  const served = new Map(all.map((_guild, at) => [String(at), 0]));
  const held = new Map(Object.keys(guilds).map(process => [process, 0]));
  let at = 0; // sessions are of different lengths, and no two things happen at the same moment
  for (let now = 1; now <= turns; now++) {
    for (const guild of all.toReversed())
      while (guild.ends[0] === now) {
        guild.ends.shift();
        guild.since = now + (at += 1) / 1e6;
        held.set(guild.process, (held.get(guild.process) ?? 0) - 1);
      }
    const parties = [...held].map(([process, slots]) => ({
      process,
      held: slots,
      used: slots,
      waiting: all
        .filter(guild => guild.process === process)
        .flatMap(({ ends, since }) =>
          Array.from({ length: limit }, (_line, at) => ({ running: ends.length + at, since })),
        ),
    }));
    for (const [process, count] of planSlots(parties, limit).grants)
      for (let n = 0; n < count; n++) {
        held.set(process, (held.get(process) ?? 0) + 1);
        // As `Slots` does within a process: the guild with the fewest sessions, of those the one that has waited
        // longest.
        const [next] = all
          .filter(guild => guild.process === process)
          .toSorted((a, b) => a.ends.length - b.ends.length || a.since - b.since);
        if (!next) throw new Error('a slot for nobody');
        next.ends.push(now + 2 + ((at += 7) % 5));
        next.ends.sort((a, b) => a - b);
        next.since = now + at / 1e6;
        const id = String(all.indexOf(next));
        served.set(id, (served.get(id) ?? 0) + 1);
      }
    expect([...held.values()].reduce((sum, slots) => sum + slots, 0)).toBeLessThanOrEqual(limit);
  }
  return served;
}

test('no guild gets much less than the others, however they are spread over processes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 6 }),
      (few, many, limit) => {
        const turns = [...contest({ a: few, b: many }, limit, 300).values()];
        const [least, most] = [Math.min(...turns), Math.max(...turns)];
        expect(most).toBeLessThanOrEqual(2 * least + 4);
      },
    ),
    { numRuns: 30 },
  );
});
