import fc from 'fast-check';
import { OggOpusDemuxer } from '../../src/audio/ogg/demuxer.ts';
import { hex } from './pages.ts';

/** All that comes out, as hex, and how it ended. */
export function demux(chunks: Iterable<Uint8Array>) {
  const demuxer = new OggOpusDemuxer();
  const packets: Uint8Array[] = [];
  for (const chunk of chunks) packets.push(...demuxer.push(chunk));
  packets.push(...demuxer.end());
  return { packets: hex(packets), complete: demuxer.complete, counts: demuxer.counts };
}

/** Pieces that are no views of one buffer, as a socket would bring them. */
export function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.slice(at, at + size);
    at += size;
  }
}

/** Nothing was lost. */
export const clean = { badCrc: 0, resyncs: 0, dropped: 0 };
const packetArb = fc
  .record({
    toc: fc.integer({ min: 0, max: 31 }).map(config => config << 3),
    length: fc.oneof(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 1276 }),
      fc.constantFrom(255, 510, 765),
    ),
    fill: fc.nat(255),
  })
  .map(({ toc, length, fill }) => {
    const packet = new Uint8Array(length).fill(fill);
    packet[0] = toc;
    return packet;
  });
export const streamArb = fc.record({
  packets: fc.array(packetArb, { maxLength: 30 }),
  segments: fc.integer({ min: 1, max: 255 }),
  tagsPadding: fc.constantFrom(0, 512, 70_000),
});
/** Sizes of pieces, used in turn. */
export const sizesArb = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5000 })),
  {
    minLength: 1,
    maxLength: 12,
  },
);
