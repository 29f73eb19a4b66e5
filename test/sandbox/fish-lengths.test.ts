import { expect, test } from 'vitest';
import { audioPackets, readPages } from '../audio/ogg/raw-ogg.ts';
import type { CloseCode } from './fish/behaviour.ts';
import { startFish } from './fish/fish.ts';
import { type OggShape, plainOgg } from './fish/ogg-shape.ts';
import { RawFish } from './raw-fish-client.ts';

/** Ten characters, 30 packets. */
const TEN = 'Ten of it.';

const CODES: CloseCode[] = [1000, 1005, 1006, 1011];
const SHAPES: Partial<OggShape>[] = [
  {},
  { pagesPerEvent: 3 },
  { continuePackets: true },
  { splitEvents: 'random' },
];
const breaks = [0, 1, 2, 22, 23, 24, 47, 58, 59, 60].map((k, index) => [CODES[index % 4]!, k] as const);
test.each(SHAPES.flatMap(shape => breaks.map(([code, k]) => [code, k, shape] as const)))(
  'closed with %i when exactly %i packets have been sent, shape %j',
  async (code, afterPackets, shape) => {
    const ogg = { ...plainOgg, ...shape };
    await using fish = await startFish({ fault: { kind: 'close', code, afterPackets }, packets: 60, ogg });
    await using client = await RawFish.connect(fish);
    client.say('Cut short.');
    expect(await client.closed()).toBe(code);
    const heard = audioPackets(readPages(Buffer.concat(client.audio)));
    expect(heard).toHaveLength(afterPackets);
    expect(heard).toEqual(fish.sessions[0]?.packets);
    expect(client.finishes).toEqual([]);
  },
);

test('runaway and silence: more packets than the text is worth', async () => {
  for (const [fault, packets, expected] of [
    [{ kind: 'runaway' }, undefined, 10 * 30],
    [{ kind: 'runaway', factor: 3 }, 40, 3 * 40],
    [{ kind: 'silence', seconds: 2 }, undefined, 30 + 100],
  ] as const) {
    await using fish = await startFish({ fault, packets, spread: 0, eventMs: 0 });
    await using client = await RawFish.connect(fish);
    client.say(TEN);
    await client.over();
    const heard = audioPackets(readPages(Buffer.concat(client.audio)));
    expect(heard).toHaveLength(expected);
    expect(heard.filter(packet => packet.equals(Buffer.of(0xf8, 0xff, 0xfe)))).toHaveLength(
      fault.kind === 'silence' ? 100 : 0,
    );
  }
});
