import { expect, test } from 'vitest';
import { synthesise } from '../../src/speech/synthesis.ts';
import type { Soundless } from '../sandbox/fish/soundless.ts';
import { fishRoom, LINE } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

const timings = { firstAudioMs: 1_500, stallMs: 1_500, finishMs: 1_500 };

test.each<{ how: Soundless; afterEvents: number }>([
  { how: 'garbage', afterEvents: 0 },
  { how: 'another-codec', afterEvents: 0 },
  { how: 'endless-tags', afterEvents: 0 },
  { how: 'drip', afterEvents: 0 },
  { how: 'empty-packets', afterEvents: 0 },
  { how: 'garbage', afterEvents: 2 },
  { how: 'drip', afterEvents: 2 },
])(
  'audio without sound ($how after $afterEvents events) is a stall, however long it goes on',
  async ({ how, afterEvents }) => {
    const fault = { kind: 'soundless', how, afterEvents, everyMs: 100 } as const;
    await using room = await fishRoom({ fault }, { timings });
    const options = { signal: AbortSignal.timeout(30_000), log: room.fish.room.log };
    const all = async () => {
      for await (const packet of synthesise(room.fish, { lane: 'a guild', text: LINE }, options))
        expect(packet.length).toBeGreaterThan(0);
    };
    const phase = afterEvents === 0 ? 'first-audio' : 'finish';
    await expect(all()).rejects.toMatchObject({ kind: 'timeout', phase, retryable: true });
    expect(room.server.sessions).toHaveLength(2);
    await until('both sessions are gone', () => room.server.openSessions === 0);
    await until('the slot is free', () => room.fish.status().inFlight === 0);
  },
  60_000,
);
