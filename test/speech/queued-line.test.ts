import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Cushion, PacketRoom } from '../../src/audio/cushion.ts';
import { QueuedLine } from '../../src/speech/queued-line.ts';
import { lineOf } from '../support/lines.ts';

/** Three messages in one breath, of whose sound people have heard so many packets. */
async function beingHeard(played: number) {
  const parts = ['Hi all.', 'My number is 555.', 'Call me.'].map(text => lineOf(text));
  const [one, two, three] = parts;
  if (!one || !two || !three) throw new Error('three messages');
  const item = new QueuedLine([one, two, three], { priority: false });
  const controller = new AbortController();
  async function* packets() {
    for (let packet = 0; packet < 500; packet += 1) yield Uint8Array.of(0xfc, 0xff, 0xfe);
  }
  const cushion = new Cushion(packets(), { room: new PacketRoom(), signal: controller.signal });
  await cushion.ready;
  while (cushion.received < played) await turn();
  for (let packet = 0; packet < played; packet += 1) cushion.read();
  item.sound = { cushion, controller, synthesis: controller, follows: false, openingSeconds: 0, madeAt: 0 };
  return { item, one, two, three };
}

test('a message that is taken out before it was heard, and what is said anew after it, are seen no more', async () => {
  const { item, two, three } = await beingHeard(1);
  expect(item.cutOff(part => part === two, 'deleted')).toEqual([three]);
  expect(item.line.text).toBe('Hi all.');
  item.end(null);
  expect([two.outcomes, three.outcomes]).toEqual([['deleted'], []]);
});

test('a message that is taken out after it was heard is seen no more, and the others are heard on', async () => {
  const { item, one, two, three } = await beingHeard(100);
  expect(item.cutOff(part => part === one, 'deleted')).toEqual([]);
  expect(item.line.text).toBe('My number is 555. Call me.');
  expect(item.cutOff(part => part === three, 'deleted')).toEqual([]);
  expect(item.line.text).toBe('My number is 555.');
  item.end(null);
  expect([one, two, three].map(({ outcomes }) => outcomes)).toEqual([[null], [null], ['deleted']]);
});

test('a line of which nothing was heard is said anew without what is taken out of it', async () => {
  const { item, one, two, three } = await beingHeard(0);
  expect(item.cutOff(part => part === two, 'deleted')).toEqual([one, three]);
  expect(item.signal.aborted).toBe(true);
  expect([one, two, three].map(({ outcomes }) => outcomes)).toEqual([[], ['deleted'], []]);
});
