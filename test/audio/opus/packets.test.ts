import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packetSamples, split20 } from '../../../src/audio/opus/packet.ts';
import { type OggEnd, OpusStream } from '../../../src/audio/opus/packets.ts';
import { opusPackets } from '../../support/opus-packets.ts';
import { bundle, decode, encode, loudness, samples } from '../opus.ts';
import { concat, hex, packet20, page, streamPages } from '../pages.ts';

async function* source(chunks: Iterable<Uint8Array>, error?: Error): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await Promise.resolve();
    yield chunk;
  }
  if (error !== undefined) throw error;
}

async function hear(chunks: Iterable<Uint8Array>) {
  const ends: OggEnd[] = [];
  const packets: Uint8Array[] = [];
  for await (const packet of opusPackets(source(chunks), { onEnd: end => void ends.push(end) }))
    packets.push(packet);
  expect(ends).toHaveLength(1);
  return { packets, end: ends[0] as OggEnd };
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

describe('OpusStream', () => {
  test('20 ms packets pass byte for byte', async () => {
    const packets = [
      ...encode({ mode: 'celt', ms: 20, packets: 30, bitrate: 60_000 }),
      ...encode({ mode: 'silk', ms: 20, packets: 10, channels: 2 }),
      bundle(encode({ mode: 'celt', ms: 10, packets: 2 }), 3),
      bundle(encode({ mode: 'celt', ms: 20, packets: 1 }), 3, { padding: 40 }),
    ];
    const bytes = concat(streamPages(packets, { segments: 7 }));
    for (const size of [1, 100, 4096, bytes.length]) {
      const { packets: heard, end } = await hear(cut(bytes, size));
      expect(hex(heard)).toEqual(hex(packets));
      expect(end.complete).toBe(true);
      expect(end.counts).toMatchObject({ packets: packets.length, badCrc: 0, dropped: 0 });
    }
  });

  test('row 20: 60 ms packets are cut, without a sample changed', async () => {
    const packets = encode({ mode: 'hybrid', ms: 60, packets: 20 });
    const { packets: heard } = await hear(cut(concat(streamPages(packets)), 500));
    expect(heard).toHaveLength(60);
    expect(decode(heard).equals(decode(packets))).toBe(true);
  });

  test('SILK frames of 60 ms are recoded, as long and as loud', async () => {
    const packets = encode({ mode: 'silk', ms: 60, packets: 20, bitrate: 10_000 });
    const { packets: heard } = await hear(streamPages(packets));
    expect(heard.map(packetSamples)).toEqual(Array.from({ length: 60 }, () => 960));
    expect(samples(decode(heard))).toBe(samples(decode(packets)));
    expect(loudness(decode(heard)) / loudness(decode(packets))).toBeGreaterThan(0.8);
  });

  test('all kinds in one stream stay in order', async () => {
    const [ten] = encode({ mode: 'celt', ms: 10, packets: 1 }) as [Uint8Array];
    const [long] = encode({ mode: 'silk', ms: 60, packets: 1, bitrate: 10_000 }) as [Uint8Array];
    const pair = bundle([packet20(2), packet20(3)], 2);
    const { packets } = await hear(
      streamPages([packet20(1), ten, pair, ten, ten, ten, packet20(4), long, packet20(5), ten]),
    );
    expect(packets.map(packetSamples)).toEqual(packets.map(() => 960));
    const [one, two, three, four, five] = hex([1, 2, 3, 4, 5].map(number => packet20(number)));
    const kept = new Set([one, two, three, four, five]);
    expect(hex(packets).map(packet => (kept.has(packet) ? packet : 'recoded'))).toEqual(
      [
        [one, 'recoded', two, three, 'recoded', 'recoded', four],
        ['recoded', 'recoded', 'recoded', five, 'recoded'],
      ].flat(),
    );
  });

  test('a packet of 20 ms passes byte for byte, however long its padding', async () => {
    const [packet] = encode({ mode: 'celt', ms: 20, packets: 1 }) as [Uint8Array];
    const padded = bundle([packet], 3, { padding: 3000 });
    const { packets, end } = await hear(streamPages([padded]));
    expect(hex(packets)).toEqual(hex([padded]));
    expect(end.counts.dropped).toBe(0);
  });

  test('what is not Opus is left out and counted', async () => {
    const pages = streamPages([packet20(1), Uint8Array.from([0xfb, 0]), new Uint8Array(), packet20(2)]);
    const { packets, end } = await hear(pages);
    expect(hex(packets)).toEqual(hex([packet20(1), packet20(2)]));
    expect(end.counts.dropped).toBe(2);
    expect(end.complete).toBe(true);
  });

  test('gives packets out before the source goes on', async () => {
    const gate = Promise.withResolvers<void>();
    async function* slow() {
      yield concat(streamPages([packet20(1)], { last: false }));
      await gate.promise;
      yield page([packet20(2)], { sequence: 3, last: true });
    }
    const packets = opusPackets(slow());
    expect((await packets.next()).value).toEqual(packet20(1));
    gate.resolve();
    expect((await packets.next()).value).toEqual(packet20(2));
    expect((await packets.next()).done).toBe(true);
  });

  test('an error of the source comes through after its packets, and onEnd before it', async () => {
    const bytes = concat(streamPages([packet20(1), packet20(2)]));
    const failure = new Error('the line is cut');
    const ends: OggEnd[] = [];
    const heard: Uint8Array[] = [];
    const reading = (async () => {
      const packets = opusPackets(source([bytes.slice(0, -10)], failure), {
        onEnd: end => void ends.push(end),
      });
      for await (const packet of packets) heard.push(packet);
    })();
    await expect(reading).rejects.toBe(failure);
    expect(hex(heard)).toEqual(hex([packet20(1)]));
    expect(ends).toMatchObject([{ complete: false, counts: { packets: 1, dropped: 1 } }]);
  });

  test('a reader that leaves ends the source, and onEnd is called', async () => {
    const ends: OggEnd[] = [];
    let released = false;
    async function* endless() {
      try {
        yield* streamPages([packet20(1)], { last: false });
        for (let sequence = 3; ; sequence++) yield page([packet20(sequence)], { sequence });
      } finally {
        released = true;
      }
    }
    for await (const packet of opusPackets(endless(), { onEnd: end => void ends.push(end) })) {
      if (packet[1] === 9) break;
    }
    expect(released).toBe(true);
    expect(ends).toMatchObject([{ complete: false }]);
  });

  test('tells at once how many packets bytes have brought, and keeps them', async () => {
    const stream = new OpusStream();
    const pages = streamPages([packet20(1), ...encode({ mode: 'hybrid', ms: 60, packets: 1 })]);
    expect(pages.map(bytes => stream.push(bytes)).reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(stream.push(Uint8Array.from([1, 2, 3]))).toBe(0);
    const packets: Uint8Array[] = [];
    for await (const packet of stream.packets(source([new Uint8Array()]))) packets.push(packet);
    expect(packets).toHaveLength(4);
  });

  test('an empty source ends at once', async () => {
    const { packets, end } = await hear([]);
    expect(packets).toEqual([]);
    expect(end).toMatchObject({ complete: false, counts: { pages: 0, packets: 0, streams: 0 } });
  });

  test('any packets, in any stream: only 20 ms packets come out, and all the time that went in', async () => {
    const anyPacket = fc
      .tuple(fc.nat(255), fc.uint8Array({ maxLength: 60 }))
      .map(([toc, rest]) => Uint8Array.from([toc, ...rest]));
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyPacket, { maxLength: 12 }),
        fc.integer({ min: 1, max: 600 }),
        async (all, size) => {
          const { packets, end } = await hear(cut(concat(streamPages(all)), size));
          expect(packets.map(packetSamples)).toEqual(packets.map(() => 960));
          const valid = all.filter(packet => packetSamples(packet) !== null);
          expect(end.counts.packets).toBe(valid.length);
          const time = valid.reduce((sum, packet) => sum + (packetSamples(packet) ?? 0), 0);
          // Short packets before one that is not recoded are filled up to 20 ms.
          const recoded = valid.filter(packet => split20(packet) === null).length;
          expect(packets.length * 960).toBeGreaterThanOrEqual(time);
          expect(packets.length * 960).toBeLessThan(time + 960 * (recoded + 1));
        },
      ),
      { numRuns: 100 },
    );
  });
});
