import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Cushion, PacketRoom } from '../../src/audio/cushion.ts';
import { Ahead } from '../../src/speech/ahead.ts';
import { SpeechQueue } from '../../src/speech/queue.ts';
import type { QueuedLine } from '../../src/speech/queued-line.ts';
import type { Sound, SoundMaker } from '../../src/speech/sound.ts';
import { lineOf } from '../support/lines.ts';
import { until } from '../support/until.ts';

test('if it throws when a sound is complete, the next line is still made', async () => {
  const log: string[] = [];
  const queue = new SpeechQueue();
  for (const userId of ['ana', 'ben']) queue.push(lineOf(userId, { userId }));
  const arrived = Promise.withResolvers<void>();
  async function* packets() {
    await arrived.promise;
    yield Uint8Array.of(0xfc, 0xff, 0xfe);
  }
  const made: Sound[] = [];
  const room = new PacketRoom();
  const make = () => {
    const controller = new AbortController();
    const cushion = new Cushion(packets(), { room, signal: controller.signal });
    const sound = {
      cushion,
      controller,
      synthesis: controller,
      follows: false,
      openingSeconds: 0,
      madeAt: 0,
    };
    made.push(sound);
    return sound;
  };
  let current: QueuedLine | null = null;
  let throws = false;
  using ahead = new Ahead({
    queue,
    sounds: { make, room } as unknown as SoundMaker,
    current: () => current,
    paused: () => false,
    wanted: () => {
      if (throws) {
        throws = false;
        throw new Error('made to throw');
      }
      return true;
    },
    onRefused: () => {},
    onEnded: () => {},
    log: pino({ level: 'trace' }, { write: line => void log.push(line) }),
  });
  current = queue.shift() ?? null;
  if (current) ahead.soundOf(current);
  expect(made).toHaveLength(1);
  throws = true;
  arrived.resolve();
  await until('the next line is made', () => made.length === 2);
  expect(log.join('')).toContain('"fault":"synthesis ahead"');
});
