import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { OggOpusDemuxer } from '../../src/audio/ogg/demuxer.ts';
import { concat } from '../audio/pages.ts';
import { Random } from '../support/random.ts';
import { until } from '../support/until.ts';
import { TARGETS } from './names.ts';
import { fuzz } from './target.ts';
import { FUZZED } from './targets.ts';

/** A million take minutes: `npm run fuzz -- --cases 1000000`. */
const CASES = 400;
const SEED = 1;

test.each(TARGETS)(
  'row 21: fuzz: whatever comes, no promise of the target "%s" is broken',
  name => expect(FUZZED[name]({ seed: SEED, cases: CASES })).toBeUndefined(),
  60_000,
);

test('row 21: fuzz: a demuxer that is fed hostile bytes for ever holds no more than a page and a packet', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const random = new Random(SEED);
  const falsePage = () => concat([Buffer.from('OggS\0'), random.bytes(22), Uint8Array.of(255, 255, 255)]);
  const demuxer = new OggOpusDemuxer();
  const feed = (times: number) => {
    for (let index = 0; index < times; index += 1)
      demuxer.push(random.chance(0.5) ? falsePage() : random.bytes(1_000));
  };
  feed(500); // code is compiled
  const before = held();
  feed(5_000);
  // Buffers are freed by another thread, some time after the collection.
  await until('what it was fed is let go', () => held() - before < 1 << 20);
  expect(demuxer.counts.packets).toBe(0);
}, 60_000);

test('a case that fails is found, shortened and named by its number', () => {
  const failure = fuzz(
    {
      name: 'no seven',
      make: random => random.list(20, () => random.whole(0, 400)),
      check(parts) {
        if (parts.includes(7)) throw new Error('seven');
      },
      show: parts => parts.join(' '),
    },
    { seed: 3, cases: 10_000 },
  );
  expect(failure).toMatchObject({ target: 'no seven', seed: 3, input: '7' });
  expect(failure?.error).toContain('seven');
});
