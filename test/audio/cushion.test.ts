import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Cushion, PacketRoom } from '../../src/audio/cushion.ts';
import { numberedPacket } from '../sandbox/fish/numbered-packets.ts';

/** A source that is fed by hand. */
function feed() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  return {
    source: readable,
    async give(...numbers: number[]) {
      for (const number of numbers) await writer.write(Uint8Array.of(number));
      await turn();
    },
    end: () => writer.close(),
    fail: (error: Error) => writer.abort(error),
  };
}

function cushionOf(source: AsyncIterable<Uint8Array>, room = new PacketRoom()) {
  const controller = new AbortController();
  return { cushion: new Cushion(source, { room, signal: controller.signal }), controller };
}

function readAll(cushion: Cushion): number[] {
  const numbers: number[] = [];
  for (let packet = cushion.read(); packet; packet = cushion.read()) numbers.push(packet[0] ?? -1);
  return numbers;
}

test('speech starts with three packets in hand', async () => {
  const { source, give } = feed();
  const { cushion } = cushionOf(source);
  await give(1, 2);
  expect(cushion.read()).toBeNull();
  await give(3);
  await cushion.ready;
  expect(readAll(cushion)).toEqual([1, 2, 3]);
});

test('after it ran dry it goes on with ten, in order, and never ends by a gap', async () => {
  const { source, give, end } = feed();
  const { cushion } = cushionOf(source);
  await give(1, 2, 3);
  expect(readAll(cushion)).toEqual([1, 2, 3]);
  await give(4, 5, 6, 7, 8, 9, 10, 11, 12);
  expect(cushion.read()).toBeNull();
  expect(cushion.ended).toBe(false);
  await give(13);
  expect(readAll(cushion)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  await end();
  await cushion.done;
  expect(cushion.ended).toBe(true);
});

test('a short source is ready when it ends', async () => {
  const { source, give, end } = feed();
  const { cushion } = cushionOf(source);
  await give(1);
  await end();
  await cushion.ready;
  expect(readAll(cushion)).toEqual([1]);
  expect(cushion.ended).toBe(true);
});

test('a packet that could not be played is put back', async () => {
  const { source, give } = feed();
  const { cushion } = cushionOf(source);
  await give(1, 2, 3);
  expect(cushion.read()).not.toBeNull();
  cushion.unread();
  expect(readAll(cushion)).toEqual([1, 2, 3]);
});

test('a failing source leaves what is in hand, and its error', async () => {
  const { source, give, fail } = feed();
  const { cushion } = cushionOf(source);
  await give(1, 2, 3);
  await fail(new Error('broke off'));
  await cushion.done;
  expect(readAll(cushion)).toEqual([1, 2, 3]);
  expect(cushion.ended).toBe(true);
  expect(cushion.error).toEqual(new Error('broke off'));
});

test('a guild holds 120 s at most, and what waits never starves what is heard', async () => {
  let made = 0;
  async function* endless() {
    for (;;) {
      made += 1;
      yield Uint8Array.of(1);
      if (made % 500 === 0) await turn();
    }
  }
  const room = new PacketRoom();
  const waits = cushionOf(endless(), room);
  await turn();
  for (let i = 0; i < 50; i += 1) await turn();
  expect(made).toBe(5_501); // one more than its space, held by the loop

  const { source, give } = feed();
  const heard = cushionOf(source, room);
  heard.cushion.heard = true;
  await give(1, 2, 3);
  await heard.cushion.ready;
  expect(readAll(heard.cushion)).toEqual([1, 2, 3]);
  heard.controller.abort();
  waits.controller.abort();
  await waits.cushion.done;
  expect(room.hasSpace(false)).toBe(true);
});

test('it can be told to end earlier: what is in hand beyond that is dropped, and what comes is not taken', async () => {
  const { source, give } = feed();
  const room = new PacketRoom();
  const { cushion } = cushionOf(source, room);
  await give(1, 2, 3, 4, 5);
  expect([cushion.read(), cushion.read()].map(packet => packet?.[0])).toEqual([1, 2]);
  cushion.endAt(4);
  expect(readAll(cushion)).toEqual([3, 4]);
  expect(cushion.ended).toBe(true);
  await give(6);
  await cushion.done;
  expect(cushion.read()).toBeNull();
});

test('it ends later than what has come, and not before what has been read', async () => {
  const { source, give } = feed();
  const { cushion } = cushionOf(source);
  await give(1, 2, 3);
  expect(readAll(cushion)).toEqual([1, 2, 3]);
  cushion.endAt(5);
  expect(cushion.ended).toBe(false);
  await give(4, 5);
  expect(readAll(cushion)).toEqual([4, 5]);
  cushion.endAt(1);
  expect(cushion.ended).toBe(true);
  expect(cushion.played).toBe(5);
});

test('a pause is found where the sound is silent, whatever the size of its packets', async () => {
  const source = (async function* () {
    for (let index = 0; index < 86; index += 1) {
      const silent = index === 20 || index === 21 || (index >= 40 && index < 46);
      yield numberedPacket({ text: 'a line', index, silent });
    }
  })();
  const { cushion } = cushionOf(source);
  await cushion.done;
  expect(cushion.pauseNear(30)).toBeOneOf([43, 44]); // the sound before it rings on a little
  expect(cushion.pauseNear(60)).toBeOneOf([43, 44]);
  for (let number = 0; number < 35; number += 1) cushion.read();
  expect(cushion.pauseNear(50)).toBeOneOf([43, 44]);
  for (let number = 35; number < 50; number += 1) cushion.read();
  expect(cushion.pauseNear(60)).toBe(60);
});
