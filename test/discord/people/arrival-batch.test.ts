import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArrivalBatch } from '../../../src/discord/people/arrival-batch.ts';

test('who comes and leaves at once, or is back at once, is not told', () => {
  const batch = new ArrivalBatch();
  batch.joined('1', 'Ana');
  batch.joined('2', 'Ben');
  batch.left('1', 'Ana');
  batch.left('3', 'Cleo');
  batch.left('4', 'Dan');
  batch.joined('4', 'Dan');
  expect([...batch.newcomers]).toEqual([['2', 'Ben']]);
  expect([...batch.leavers]).toEqual([['3', 'Cleo']]);
});

test('however people come and go, what is told is the difference between the beginning and the end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(5)),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      (moves, first) => {
        const there = [...first];
        const batch = new ArrivalBatch();
        for (const one of moves) {
          there[one] = !there[one];
          if (there[one]) batch.joined(`${one}`, `${one}`);
          else batch.left(`${one}`, `${one}`);
        }
        const changed = (to: boolean) =>
          there.flatMap((is, one) => (is === to && first[one] !== to ? [`${one}`] : [])).sort();
        expect([...batch.newcomers.keys()].sort()).toEqual(changed(true));
        expect([...batch.leavers.keys()].sort()).toEqual(changed(false));
      },
    ),
  );
});
