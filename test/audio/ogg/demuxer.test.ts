import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OggOpusDemuxer } from '../../../src/audio/ogg/demuxer.ts';
import { clean, cut, demux, sizesArb, streamArb } from '../demux.ts';
import { concat, hex, opusHead, opusTags, packet20, page, streamPages } from '../pages.ts';

describe('a valid stream', () => {
  test('comes out as it went in, however it is cut up', () => {
    fc.assert(
      fc.property(streamArb, sizesArb, ({ packets, ...options }, sizes) => {
        const pages = streamPages(packets, options);
        const bytes = concat(pages);
        const expected = {
          packets: hex(packets),
          complete: true,
          counts: { ...clean, pages: pages.length, packets: packets.length, streams: 1 },
        };
        expect(demux([bytes])).toEqual(expected);
        expect(demux(pages)).toEqual(expected);
        expect(demux(cut(bytes, sizes))).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  test('comes out as it went in, a byte at a time', () => {
    const packets = [packet20(1, 255), packet20(2, 510), packet20(3, 1), packet20(4, 1276)];
    for (const segments of [1, 2, 3, 255]) {
      const {
        packets: heard,
        complete,
        counts,
      } = demux(cut(concat(streamPages(packets, { segments })), [1]));
      expect(heard).toEqual(hex(packets));
      expect(complete).toBe(true);
      expect(counts).toMatchObject(clean);
    }
  });

  test('row 20: chained streams follow one another, with or without EOS, with a new serial or the same', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ stream: streamArb, last: fc.boolean(), serial: fc.constantFrom(1, 2, 0xffffffff) }),
          { minLength: 2, maxLength: 5 },
        ),
        sizesArb,
        (chain, sizes) => {
          const bytes = concat(
            chain.flatMap(({ stream: { packets, ...options }, last, serial }) =>
              streamPages(packets, { ...options, last, serial }),
            ),
          );
          const result = demux(cut(bytes, sizes));
          expect(result.packets).toEqual(hex(chain.flatMap(({ stream }) => stream.packets)));
          expect(result.complete).toBe(chain.at(-1)?.last);
          expect(result.counts).toMatchObject({ ...clean, streams: chain.length });
        },
      ),
      { numRuns: 80 },
    );
  });

  test('gives a packet out when its last byte is in, before its page is whole', () => {
    const packets = [packet20(1), packet20(2, 300), packet20(3)];
    const pages = streamPages(packets);
    const demuxer = new OggOpusDemuxer();
    for (const header of pages.slice(0, -1)) demuxer.push(header);
    const audio = pages.at(-1) ?? new Uint8Array();
    const at: number[] = [];
    for (let i = 0; i < audio.length; i++) {
      for (const _ of demuxer.push(audio.slice(i, i + 1))) at.push(i + 1);
    }
    expect(at).toEqual([audio.length - 360, audio.length - 60, audio.length]);
  });

  test('packets are views of what came in, but never keep a much larger buffer alive', () => {
    const bytes = concat(streamPages([packet20(1), packet20(2)]));
    const [view] = new OggOpusDemuxer().push(bytes);
    expect(view?.buffer).toBe(bytes.buffer);

    const large = new Uint8Array(1 << 20);
    large.set(bytes, 5000);
    const packets = new OggOpusDemuxer().push(large.subarray(5000, 5000 + bytes.length));
    expect(hex(packets)).toEqual(hex([packet20(1), packet20(2)]));
    for (const packet of packets) expect(packet.buffer.byteLength).toBeLessThan(200);
  });

  test('headers are never audio, also with audio on their page and repeated later', () => {
    const pages = [
      page([opusHead(), opusTags(), packet20(1)], { first: true }),
      page([packet20(2), opusTags(), opusHead(), packet20(3)], { sequence: 1, last: true }),
    ];
    for (const sizes of [[1], [7], [10_000]]) {
      const result = demux(cut(concat(pages), sizes));
      expect(result.packets).toEqual(hex([packet20(1), packet20(2), packet20(3)]));
      expect(result.counts).toMatchObject(clean);
    }
  });

  test('a stream without comments is heard', () => {
    const pages = [page([opusHead()], { first: true }), page([packet20(1)], { sequence: 1 })];
    expect(demux(cut(concat(pages), [3])).packets).toEqual(hex([packet20(1)]));
  });
});

describe('the end', () => {
  const [head, tags, audio] = streamPages([packet20(1), packet20(2)]) as [Uint8Array, Uint8Array, Uint8Array];

  test('is complete only after a page that says so, with nothing behind it', () => {
    expect(demux([head, tags, audio]).complete).toBe(true);
    expect(demux([head, tags, audio, new Uint8Array(1)]).complete).toBe(false);
    expect(demux([head, tags, audio, head.slice(0, 10)]).complete).toBe(false);
    expect(demux([head, tags, audio.slice(0, -1)]).complete).toBe(false);
    expect(demux([head, tags]).complete).toBe(false);
    expect(demux([]).complete).toBe(false);
  });

  test('more audio after it is heard', () => {
    const more = page([packet20(3)], { sequence: 3 });
    const result = demux([head, tags, audio, more]);
    expect(result.packets).toEqual(hex([packet20(1), packet20(2), packet20(3)]));
    expect(result.complete).toBe(false);
  });

  test('cut off anywhere, every packet whose bytes are in is heard', () => {
    const packets = Array.from({ length: 8 }, (_, i) => packet20(i, 100 + 60 * i));
    const pages = streamPages(packets, { segments: 4 });
    const bytes = concat(pages);
    let most = 0;
    for (let end = 0; end <= bytes.length; end += 7) {
      const result = demux(cut(bytes.slice(0, end), [50]));
      expect(result.packets).toEqual(hex(packets.slice(0, result.packets.length)));
      expect(result.packets.length).toBeGreaterThanOrEqual(most);
      expect(result.counts.dropped).toBeLessThanOrEqual(2);
      most = result.packets.length;
    }
    const result = demux([bytes.slice(0, -1)]);
    expect(result.packets).toEqual(hex(packets.slice(0, -1)));
    expect(result.counts.dropped).toBe(1);
  });
});
