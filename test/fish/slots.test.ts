import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Slot, Slots } from '../../src/fish/slots.ts';

const never = new AbortController().signal;
/** Lets every promise that can settle do so. */
const settled = () => new Promise<void>(resolve => setImmediate(resolve));

/** Asks for slots and records in which order lanes get them. */
function clerk(slots: Slots) {
  const turns: string[] = [];
  const held: { lane: string; slot: Slot }[] = [];
  const ask = (lane: string, signal = never) =>
    slots.acquire(lane, signal).then(slot => {
      turns.push(lane);
      held.push({ lane, slot });
    });
  const free = (lane: string) => {
    const at = held.findIndex(each => each.lane === lane);
    held.splice(at, 1)[0]?.slot.release();
  };
  return { turns, held, ask, free };
}

test('a free slot is given at once, and given back once', async () => {
  const slots = new Slots(2);
  const slot = await slots.acquire('a', never);
  expect([slots.inFlight, slots.waiting]).toEqual([1, 0]);
  slot.release();
  slot.release();
  expect(slots.inFlight).toBe(0);
});

test('lanes that wait take turns, first come first served within a lane', async () => {
  const slots = new Slots(1);
  const { turns, ask, free } = clerk(slots);
  for (const lane of ['a', 'a', 'a', 'b', 'b', 'c']) void ask(lane);
  for (let i = 0; i < 6; i++) {
    await settled();
    free(turns.at(-1) ?? '');
  }
  expect(turns).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
});

test('a lane with fewer in flight goes first', async () => {
  const slots = new Slots(3);
  const { turns, ask, free } = clerk(slots);
  for (const lane of ['a', 'a', 'b', 'a', 'a', 'c']) void ask(lane);
  await settled();
  free('b');
  await settled();
  expect(turns).toEqual(['a', 'a', 'b', 'c']);
});

test('an abort leaves the queue, and the others move up', async () => {
  const slots = new Slots(1);
  const { turns, ask, free } = clerk(slots);
  const control = new AbortController();
  await ask('a');
  const gone = ask('b', control.signal);
  void ask('c');
  control.abort(new Error('enough'));
  await expect(gone).rejects.toThrow('enough');
  expect(slots.waiting).toBe(1);
  free('a');
  await settled();
  expect(turns).toEqual(['a', 'c']);
  await expect(ask('d', control.signal)).rejects.toThrow('enough');
  expect(slots.waiting).toBe(0);
});

test('a smaller limit lets those in flight end, and adds none until they fit; a larger one serves at once', async () => {
  const slots = new Slots(3);
  const { turns, ask, free } = clerk(slots);
  for (const lane of ['a', 'b', 'c', 'd', 'e', 'f']) void ask(lane);
  await settled();
  slots.setLimit(1);
  free('a');
  free('b');
  await settled();
  expect(turns).toEqual(['a', 'b', 'c']);
  free('c');
  await settled();
  expect(turns).toEqual(['a', 'b', 'c', 'd']);
  slots.setLimit(3);
  await settled();
  expect(turns).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  slots.setLimit(0); // other processes have all of them
  expect(slots.limit).toBe(0);
});

test('whatever happens: never over the limit, nobody forgotten, nobody overtaken by a whole round', async () => {
  const steps = fc.array(
    fc.record({
      lane: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      act: fc.constantFrom('ask', 'ask', 'free', 'quit'),
    }),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), steps, async (limit, plan) => {
      const slots = new Slots(limit);
      const { turns, held, ask } = clerk(slots);
      const asks: { lane: string; control: AbortController; done: Promise<unknown> }[] = [];
      let refused = 0;
      for (const { lane, act } of plan) {
        if (act === 'ask') {
          const control = new AbortController();
          const done = ask(lane, control.signal).catch(() => (refused += 1));
          asks.push({ lane, control, done });
        } else if (act === 'quit') asks.find(each => each.lane === lane)?.control.abort();
        else held.shift()?.slot.release();
        await settled();
        expect(slots.inFlight).toBe(held.length);
        expect(held.length).toBeLessThanOrEqual(limit);
        expect(turns.length + refused + slots.waiting).toBe(asks.length);
        if (slots.waiting > 0) expect(held.length).toBe(limit);
      }
      while (held.length > 0) {
        held.shift()?.slot.release();
        await settled();
      }
      expect([slots.inFlight, slots.waiting]).toEqual([0, 0]);
      expect(turns.length + refused).toBe(asks.length);
    }),
    { numRuns: 150 },
  );
});

test('a lane that came alone does not wait behind a hundred of another', async () => {
  const slots = new Slots(2);
  const { turns, held, ask } = clerk(slots);
  for (let i = 0; i < 100; i++) void ask('crowd');
  for (const lane of ['x', 'y', 'z']) void ask(lane);
  for (let i = 0; i < 5; i++) {
    await settled();
    held.shift()?.slot.release();
  }
  await settled();
  expect(turns.slice(0, 7)).toEqual(expect.arrayContaining(['x', 'y', 'z']));
});
