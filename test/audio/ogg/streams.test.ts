import { describe, expect, test } from 'vitest';
import { OggOpusDemuxer } from '../../../src/audio/ogg/demuxer.ts';
import { clean, cut, demux } from '../demux.ts';
import { bundle } from '../opus.ts';
import { concat, hex, opusHead, opusTags, packet20, page, rawPage, streamPages } from '../pages.ts';

describe('row 20: packets that go on over pages', () => {
  const [head, tags] = streamPages([]) as [Uint8Array, Uint8Array];
  const long = packet20(7, 510);

  test('a length that 255 divides ends with a 0 on the next page', () => {
    const pages = [
      rawPage([255, 255], long, { sequence: 2 }),
      rawPage([0, 60], packet20(8), { sequence: 3, continued: true }),
    ];
    expect(demux([head, tags, ...pages])).toMatchObject({ packets: hex([long, packet20(8)]), counts: clean });
  });

  test('a page without segments changes nothing, also amid a packet', () => {
    const pages = [
      rawPage([], new Uint8Array(), { sequence: 2 }),
      rawPage([255], long.subarray(0, 255), { sequence: 3 }),
      rawPage([], new Uint8Array(), { sequence: 4, granule: -1 }),
      rawPage([255, 0], long.subarray(255), { sequence: 5, continued: true, last: true }),
    ];
    const result = demux([head, tags, ...pages]);
    expect(result).toMatchObject({ packets: hex([long]), complete: true, counts: clean });
  });

  test('without its start a packet is dropped, over several pages too, and the rest is heard', () => {
    const pages = [
      rawPage([255], long.subarray(0, 255), { sequence: 2, continued: true }),
      rawPage([255], long.subarray(0, 255), { sequence: 3, continued: true }),
      rawPage([9, 60], concat([long.subarray(0, 9), packet20(8)]), { sequence: 4, continued: true }),
    ];
    const result = demux([head, tags, ...pages]);
    expect(result).toMatchObject({ packets: hex([packet20(8)]), counts: { ...clean, dropped: 1 } });
  });

  test('without its end a packet is dropped', () => {
    const pages = [
      rawPage([60, 255], concat([packet20(6), long.subarray(0, 255)]), { sequence: 2 }),
      page([packet20(8)], { sequence: 3 }),
    ];
    const result = demux(cut(concat([head, tags, ...pages]), [11]));
    expect(result).toMatchObject({
      packets: hex([packet20(6), packet20(8)]),
      counts: { ...clean, dropped: 1 },
    });
  });

  test('a gap in the page numbers is counted; a packet over it is dropped, all others are heard', () => {
    const pages = [
      rawPage([60, 255], concat([packet20(6), long.subarray(0, 255)]), { sequence: 2 }),
      rawPage([255, 0, 60], concat([long.subarray(255), packet20(8)]), { sequence: 4, continued: true }),
      page([packet20(9)], { sequence: 5 }),
    ];
    for (const size of [1, 50, 100_000]) {
      const result = demux(cut(concat([head, tags, ...pages]), [size]));
      expect(result.packets).toEqual(hex([packet20(6), packet20(8), packet20(9)]));
      expect(result.counts).toMatchObject({ badCrc: 0, resyncs: 1, dropped: 2 });
    }
  });

  test('a packet of which more than 64 KiB would have to be kept is dropped, be it valid', () => {
    const padded = bundle([packet20(1)], 3, { padding: 140_000 });
    const result = demux(streamPages([padded, packet20(2)]));
    expect(result).toMatchObject({ packets: hex([packet20(2)]), counts: { ...clean, dropped: 1 } });
  });

  test('a packet that never ends is let go of', () => {
    const endless = new Uint8Array(255 * 255).fill(1);
    endless[0] = 0xfb;
    const table = Array.from({ length: 255 }, () => 255);
    const demuxer = new OggOpusDemuxer();
    demuxer.push(concat([head, tags, rawPage(table, endless, { sequence: 2 })]));
    for (let i = 3; i < 40; i++) demuxer.push(rawPage(table, endless, { sequence: i, continued: true }));
    const end = rawPage([5, 60], concat([endless.subarray(0, 5), packet20(1)]), {
      sequence: 40,
      continued: true,
    });
    expect(hex(demuxer.push(end))).toEqual(hex([packet20(1)]));
    expect(demuxer.counts).toMatchObject({ ...clean, dropped: 1 });
  });
});

describe('row 20: what is not ours', () => {
  const vorbis = Uint8Array.from([1, 0x76, 0x6f, 0x72, 0x62, 0x69, 0x73, 0, 0]);

  test('streams of another codec, before, between and after', () => {
    const [head, tags, audio] = streamPages([packet20(1)]) as [Uint8Array, Uint8Array, Uint8Array];
    const other = (sequence: number) => page([packet20(99), packet20(98)], { serial: 5, sequence });
    const result = demux(
      cut(
        concat([
          page([vorbis], { serial: 5, first: true }),
          head,
          other(1),
          tags,
          other(2),
          audio,
          other(3),
          ...streamPages([packet20(2)], { serial: 9 }),
        ]),
        [33],
      ),
    );
    expect(result).toMatchObject({
      packets: hex([packet20(1), packet20(2)]),
      complete: true,
      counts: { ...clean, streams: 2 },
    });
  });

  test('a page of a stream nobody announced, amid one that goes on', () => {
    const [head, tags, audio] = streamPages([packet20(1)]) as [Uint8Array, Uint8Array, Uint8Array];
    const result = demux([head, tags, page([packet20(99)], { serial: 5 }), audio]);
    expect(result).toMatchObject({ packets: hex([packet20(1)]), counts: clean });
  });

  test('surround sound, which is not plain Opus packets', () => {
    const pages = streamPages([packet20(1)]).slice(1);
    const surround = page([opusHead(6, [1, 4, 2, 0, 4, 1, 2, 3, 5])], { first: true });
    expect(demux([surround, ...pages]).packets).toEqual([]);
    const stereo = page([opusHead(2, [1, 1, 1, 0, 1])], { first: true });
    expect(demux([stereo, ...pages]).packets).toEqual(hex([packet20(1)]));
  });

  test('packets that are not Opus, and empty ones', () => {
    const [head, tags] = streamPages([]) as [Uint8Array, Uint8Array];
    const twoOddFrames = Uint8Array.from([0xf9, 1, 2, 3]);
    const audio = page([packet20(1), new Uint8Array(), twoOddFrames, packet20(2)], { sequence: 2 });
    for (const sizes of [[1], [100_000]]) {
      const result = demux(cut(concat([head, tags, audio]), sizes));
      expect(result).toMatchObject({
        packets: hex([packet20(1), packet20(2)]),
        counts: { ...clean, dropped: 2 },
      });
    }
  });

  test('a stream whose head was lost is heard', () => {
    const [, tags, audio] = streamPages([packet20(2)], { serial: 2 }) as [Uint8Array, Uint8Array, Uint8Array];
    expect(demux([tags, audio]).packets).toEqual(hex([packet20(2)]));
    const before = streamPages([packet20(1)]);
    expect(demux([...before, tags, audio]).packets).toEqual(hex([packet20(1), packet20(2)]));
  });

  test('a chained stream whose head was damaged is heard, and joined to nothing before it', () => {
    const [head] = streamPages([], { serial: 2 }) as [Uint8Array];
    const damaged = head.slice();
    damaged[40]! ^= 1;
    const before = [
      ...streamPages([packet20(1)], { last: false }),
      rawPage([255], packet20(5, 255), { sequence: 3 }),
    ];
    const after = [
      rawPage([30, 60], concat([packet20(6, 30), packet20(2)]), { serial: 2, sequence: 1, continued: true }),
      page([packet20(3)], { serial: 2, sequence: 2, last: true }),
    ];
    const result = demux([...before, damaged, ...after]);
    expect(result.packets).toEqual(hex([packet20(1), packet20(2), packet20(3)]));
    expect(result.complete).toBe(true);
    expect(result.counts).toMatchObject({ badCrc: 1, dropped: 2, streams: 2 });
  });

  test('a late page of the stream before, even after damage', () => {
    const result = demux([
      ...streamPages([packet20(1)], { serial: 1, last: false }),
      ...streamPages([packet20(2)], { serial: 2, last: false }),
      new Uint8Array(5),
      page([packet20(99)], { serial: 1, sequence: 3 }),
      page([packet20(3)], { serial: 2, sequence: 3 }),
    ]);
    expect(result.packets).toEqual(hex([packet20(1), packet20(2), packet20(3)]));
  });

  test('a new start of the same stream whose page numbers go on', () => {
    const pages = [
      ...streamPages([packet20(1)], { last: false }),
      page([opusHead()], { sequence: 3, first: true }),
      page([opusTags()], { sequence: 4 }),
      page([packet20(2)], { sequence: 5 }),
    ];
    const result = demux(cut(concat(pages), [10]));
    expect(result).toMatchObject({
      packets: hex([packet20(1), packet20(2)]),
      counts: { ...clean, streams: 2 },
    });
  });
});
