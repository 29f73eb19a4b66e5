import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Purse, portionChange } from '../../../src/store/ledger/portion-size.ts';

const CAP = 1_000_000;

/** Processes that hold portions of one day, as the database divides it among them. */
function division(count: number) {
  const each = Array.from({ length: count }, () => ({ granted: 0, spent: 0, held: 0 }));
  const open = ({ granted, spent }: { granted: number; spent: number }) => Math.max(0, granted - spent);
  const at = (index: number) => {
    const one = each[index];
    if (!one) throw new Error('no such process');
    return one;
  };
  const purse = (index: number): Purse => {
    const own = at(index);
    return {
      cap: CAP,
      spent: each.reduce((sum, { spent }) => sum + spent, 0),
      othersOpen: each.filter(one => one !== own).reduce((sum, one) => sum + open(one), 0),
      ownOpen: open(own),
      free: own.granted - own.spent - own.held,
      processes: count,
    };
  };
  return {
    each,
    at,
    ask(index: number, generous = false): void {
      at(index).granted += portionChange(purse(index), { generous });
    },
    get committed(): number {
      return each.reduce((sum, one) => sum + one.spent + open(one), 0);
    },
  };
}

test('one process alone may spend all there is, to the last line', () => {
  const day = division(1);
  const one = day.at(0);
  let lines = 0;
  for (;;) {
    one.held = 1_000;
    if (one.granted - one.spent < one.held) day.ask(0);
    if (one.granted - one.spent < one.held) break;
    one.held = 0;
    one.spent += 1_000;
    lines += 1;
  }
  expect(lines).toBe(CAP / 1_000);
});

test('far from the cap hardly any line has to ask', () => {
  const day = division(4);
  let asked = 0;
  for (let line = 0; line < 200; line++) {
    const one = day.at(line % 4);
    one.held = 1_000;
    if (one.granted - one.spent < one.held) {
      asked += 1;
      day.ask(line % 4);
    }
    one.held = 0;
    one.spent += 1_000;
  }
  expect(asked).toBeLessThan(12);
});

test('whoever asks in vain gets it when the others have given back what they do not need', () => {
  const day = division(2);
  day.ask(0);
  day.ask(1);
  const [one, other] = [day.at(0), day.at(1)];
  one.spent = one.granted;
  one.held = CAP - one.spent; // all the rest
  day.ask(0);
  expect(one.granted - one.spent).toBeLessThan(one.held);
  day.ask(1, true);
  expect(other.granted).toBe(0);
  day.ask(0);
  expect(one.granted - one.spent).toBe(one.held);
});

test('whatever processes hold, spend and ask for, what is granted never passes the cap', () => {
  const step = fc.record({
    index: fc.nat(3),
    what: fc.constantFrom('hold', 'spend', 'ask', 'give', 'overdraw'),
    amount: fc.nat(300_000),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 200 }), (count, steps) => {
      const day = division(count);
      let overdrawn = 0;
      for (const { index, what, amount } of steps) {
        const one = day.at(index % count);
        if (what === 'hold') one.held += amount;
        if (what === 'ask') day.ask(index % count);
        if (what === 'give') day.ask(index % count, true);
        if (what === 'spend') {
          const bytes = Math.min(amount, one.held, Math.max(0, one.granted - one.spent));
          one.held -= bytes;
          one.spent += bytes;
        }
        // Without the database a process may spend a little of which nobody knows.
        if (what === 'overdraw' && amount > 290_000) {
          const more = Math.max(0, one.spent + 100 - one.granted);
          one.spent += 100;
          overdrawn += more;
        }
        expect(day.committed).toBeLessThanOrEqual(CAP + overdrawn);
        expect(one.granted).toBeGreaterThanOrEqual(Math.min(one.granted, one.spent));
      }
    }),
  );
});
