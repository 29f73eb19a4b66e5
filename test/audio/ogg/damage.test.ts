import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OggOpusDemuxer } from '../../../src/audio/ogg/demuxer.ts';
import { cut, demux, sizesArb } from '../demux.ts';
import { concat, hex, opusHead, opusTags, packet20, page, rawPage, seal, streamPages } from '../pages.ts';

/** Where a page header has the length of its lacing table, which follows (RFC 3533 section 6). */
const SEGMENTS_AT = 26;
const capture = new TextEncoder().encode('OggS');

describe('row 20: damaged, cut off', () => {
  const packets = Array.from({ length: 12 }, (_, i) => packet20(i, 40 + 50 * i));
  const pages = streamPages(packets, { segments: 5 });
  const bytes = concat(pages);

  /** The packets with no byte on page `hit`. */
  function untouched(hit: number): string[] {
    const kept: Uint8Array[] = [];
    let pageAt = 2;
    let room = 5;
    for (const packet of packets) {
      const from = pageAt;
      let to = pageAt;
      for (let left = Math.floor(packet.length / 255) + 1; left > 0; left--) {
        if (room === 0) {
          pageAt += 1;
          room = 5;
        }
        room -= 1;
        to = pageAt;
      }
      const start = room === 5 ? to : from;
      if (hit < start || hit > to) kept.push(packet);
    }
    return hex(kept);
  }

  function contains(all: readonly string[], some: readonly string[]): boolean {
    let at = 0;
    for (const one of all) if (one === some[at]) at += 1;
    return at === some.length;
  }

  test('any one wrong bit costs at most the packets of its page', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), sizesArb, (at, bit, sizes) => {
        const wrong = bytes.slice();
        wrong[at]! ^= 1 << bit;
        let hit = 0;
        for (let end = pages[0]!.length; end <= at; end += pages[hit]!.length) hit += 1;
        const expected = untouched(hit);
        expect(contains(demux(cut(wrong, sizes)).packets, expected)).toBe(true);
        // With whole pages at hand nothing unverified is ever heard; one that claims to be longer is not whole.
        const whole = demux([wrong]);
        const start = pages.slice(0, hit).reduce((sum, each) => sum + each.length, 0);
        const inLengths = at - start >= SEGMENTS_AT && at - start <= SEGMENTS_AT + pages[hit]![SEGMENTS_AT]!;
        if (!inLengths) expect(contains(hex(packets), whole.packets)).toBe(true);
        expect(contains(whole.packets, expected)).toBe(true);
        expect(whole.counts.badCrc + whole.counts.resyncs + whole.counts.dropped).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  test('after one wrong CRC packets wait until their page is verified', () => {
    const [head, tags] = streamPages([]) as [Uint8Array, Uint8Array];
    const bad = page([packet20(1), packet20(2)], { sequence: 2 });
    bad[bad.length - 1]! ^= 1;
    const next = page([packet20(3), packet20(4)], { sequence: 3 });
    const demuxer = new OggOpusDemuxer();
    demuxer.push(head);
    demuxer.push(tags);
    expect(demuxer.push(bad.slice(0, -1))).toHaveLength(1); // not yet known to be bad
    expect(demuxer.push(bad.slice(-1))).toHaveLength(0);
    expect(demuxer.push(next.slice(0, -1))).toHaveLength(0);
    expect(hex(demuxer.push(next.slice(-1)))).toEqual(hex([packet20(3), packet20(4)]));
    const later = page([packet20(5), packet20(6)], { sequence: 4 });
    expect(demuxer.push(later.slice(0, -1))).toHaveLength(0);
    expect(demuxer.push(later.slice(-1))).toHaveLength(2);
    expect(demuxer.counts).toMatchObject({ badCrc: 1, resyncs: 1, dropped: 1 });
  });

  test('garbage between pages is passed over and counted', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.nat(pages.length - 1),
        sizesArb,
        (garbage, at, sizes) => {
          const result = demux(cut(concat([...pages.slice(0, at), garbage, ...pages.slice(at)]), sizes));
          expect(result).toMatchObject({ packets: hex(packets), complete: true });
          expect(result.counts).toMatchObject({ badCrc: 0, resyncs: 1, dropped: 0 });
        },
      ),
      { numRuns: 100 },
    );
  });

  test('after garbage a page waits until it is verified', () => {
    const [head, tags] = streamPages([]) as [Uint8Array, Uint8Array];
    const audio = page([packet20(1), packet20(2)], { sequence: 2 });
    const demuxer = new OggOpusDemuxer();
    demuxer.push(concat([head, tags, new Uint8Array(9)]));
    expect(demuxer.push(audio.slice(0, -1))).toHaveLength(0);
    expect(demuxer.push(audio.slice(-1))).toHaveLength(2);
  });

  test('damaged comments are not heard, though they would pass for a packet', () => {
    const [head] = streamPages([]) as [Uint8Array];
    const tags = page([opusTags(512), packet20(9)], { sequence: 1 });
    tags[tags.length - packet20(9).length - opusTags(512).length]! ^= 1; // the O of OpusTags
    const audio = page([packet20(1)], { sequence: 2 });
    for (const before of [[], streamPages([packet20(0)])]) {
      const result = demux(cut(concat([...before, head, tags, audio]), [50]));
      expect(result.packets).toEqual(hex([...before.slice(2).map(() => packet20(0)), packet20(1)]));
    }
  });

  test('a packet that cannot be Opus makes the rest of its page wait', () => {
    const [head, tags] = streamPages([]) as [Uint8Array, Uint8Array];
    const noOpus = Uint8Array.from([0xfb, 0]);
    const bad = page([packet20(1), noOpus, packet20(2), packet20(3)], { sequence: 2 });
    bad[bad.length - 1]! ^= 1;
    expect(demux([head, tags, bad.slice(0, -1), bad.slice(-1)]).packets).toEqual(hex([packet20(1)]));
  });

  test('a page that claims too much swallows none of those behind it', () => {
    const greedy = rawPage(
      Array.from({ length: 255 }, () => 255),
      new Uint8Array(0),
      { sequence: 2 },
    );
    for (const sizes of [[1], [64], [100_000]]) {
      const result = demux(cut(concat([greedy, ...pages]), sizes));
      expect(result.packets).toEqual(hex(packets));
      expect(result.complete).toBe(true);
    }
  });

  test('one bad page after another, and a good one at the end', () => {
    const bad = pages.map(good => {
      const wrong = good.slice();
      wrong[30]! ^= 0x10;
      return wrong;
    });
    const result = demux(cut(concat([...bad, ...bad, ...pages]), [100]));
    expect(result.packets.slice(-packets.length)).toEqual(hex(packets));
  });

  test('random bytes never throw and hold no memory', () => {
    const page0 = seal(page([packet20(1)]));
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom(page0, page0.slice(0, 20), opusHead(), ...pages),
      fc.constantFrom('OggS', 'OggS\0', 'Ogg', 'OpusTags').map(text => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), sizesArb, (pieces, sizes) => {
        const result = demux(cut(concat(pieces), sizes));
        for (const packet of result.packets) expect(packet).not.toMatch(/^4f70/);
      }),
      { numRuns: 300 },
    );
  });

  test('false pages within false pages are not all read again', () => {
    // A page seems to begin every 7 bytes, each about 32 kB long: 4,500 times the bytes there are.
    const hostile = concat(Array.from({ length: 100_000 }, () => Uint8Array.from([...capture, 0, 255, 255])));
    for (const sizes of [[hostile.length], [1000]]) {
      const { counts } = demux(cut(hostile, sizes));
      expect(counts.badCrc).toBeGreaterThan(1);
      expect(counts.badCrc * 32_000).toBeLessThan(hostile.length * 6 + (2 << 20));
    }
    // And what follows is found.
    expect(demux([hostile, new Uint8Array(70_000), ...pages]).packets).toEqual(hex(packets));
  });
});
