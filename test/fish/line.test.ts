import { expect, test } from 'vitest';
import { synthesise } from '../../src/speech/synthesis.ts';
import type { FishBehaviour } from '../sandbox/fish/behaviour.ts';
import { type FishRoomTest, fishRoom } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

// Many servers at once over few slots, whatever Fish does with a socket behind `finish`: each line is said, once.

const SERVERS = 20;
const LINES = 3;
const PACKETS = 24;

interface Heard {
  readonly text: string;
  readonly packets: readonly Uint8Array[];
  /** Bytes of words counted for it. */
  readonly counted: number;
  readonly error: unknown;
}

/** One line after another in one server, as a conversation says them. */
async function converse({ fish }: FishRoomTest, server: number): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (let line = 0; line < LINES; line += 1) {
    const text = `Server ${server} says its line ${line}.`;
    const packets: Uint8Array[] = [];
    let counted = 0;
    const options = {
      signal: AbortSignal.timeout(60_000),
      log: fish.room.log,
      onText: (bytes: number) => void (counted += bytes),
    };
    const speech = synthesise(fish, { lane: `${server}`, text }, options);
    const error = await (async () => {
      for await (const packet of speech) packets.push(packet);
    })().catch((reason: unknown) => reason);
    heard.push({ text, packets, counted, error });
  }
  return heard;
}

async function everybody(behaviour: Partial<FishBehaviour>) {
  await using room = await fishRoom({ packets: PACKETS, packetsPerEvent: 8, connectMs: 10, ...behaviour });
  const { server } = room;
  await until('a spare', () => room.fish.status().spares > 0);
  const all = await Promise.all(Array.from({ length: SERVERS }, (_, nth) => converse(room, nth)));
  const heard = all.flat();
  expect(heard.filter(({ error }) => error !== undefined).map(({ error }) => error)).toEqual([]);
  for (const { text, packets } of heard) {
    // Nothing of it is missing, nothing is doubled, and nothing of another line is in it.
    const whole = server.sessions.filter(session => session.text === text && session.ended === 'finish');
    expect(whole).toHaveLength(1);
    expect(packets.length).toBe(PACKETS);
    expect(Buffer.concat(packets).equals(Buffer.concat(whole[0]?.packets ?? []))).toBe(true);
  }
  const counted = heard.reduce((sum, each) => sum + each.counted, 0);
  const begun = server.sessions.filter(({ firstAudioAt }) => firstAudioAt !== undefined);
  expect(counted).toBeLessThanOrEqual(begun.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(counted).toBeGreaterThanOrEqual(heard.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0));
  return {
    tooMany: server.tooMany.length,
    handshakes: server.handshakes.length,
    sessions: server.sessions.length,
  };
}

const ENDINGS: [name: string, behaviour: Partial<FishBehaviour>][] = [
  ['closed at once', { afterFinish: { code: 1000, ms: 0 } }],
  ['closed after 5 ms', { afterFinish: { code: 1005, ms: 5 } }],
  ['reset after 20 ms', { afterFinish: { code: 1006, ms: 20 } }],
  ['closed after 200 ms', { afterFinish: { code: 1000, ms: 200 } }],
  ['closed after 1,200 ms', { afterFinish: { code: 1000, ms: 1_200 } }],
  ['closed with 1011 after up to 200 ms', { afterFinish: { code: 1011, ms: [0, 200] } }],
  ['kept', { afterFinish: 'keep' }],
  ['kept, and another start is ignored', { afterFinish: 'keep', secondStart: 'ignore' }],
  ['kept, and another start closes them', { afterFinish: 'keep', secondStart: 'close' }],
];

test.each(ENDINGS)(
  'row 11: 3 lines in each of 20 servers over 5 slots, sockets %s: none is lost',
  async (_name, behaviour) => {
    const { tooMany } = await everybody(behaviour);
    expect(tooMany).toBe(0);
  },
);

test.each(ENDINGS)(
  'row 11: 3 lines in each of 20 servers, where every open socket counts as a session, sockets %s: none is lost',
  async (_name, behaviour) => {
    const { tooMany } = await everybody({ ...behaviour, idleCounts: true, refuseTooManyAt: 'upgrade' });
    expect(tooMany).toBe(0);
  },
);

test.each<[string, Partial<FishBehaviour>]>([
  ['in headers', {}],
  ['in headers, and idle sockets count', { idleCounts: true, refuseTooManyAt: 'upgrade' }],
  ['in band alone', { limitHeaders: false }],
  ['by refusing upgrades alone', { limitHeaders: false, refuseTooManyAt: 'upgrade' }],
])(
  'row 11: Fish allows two, and says so %s: none is lost, and nothing is refused once it is known',
  async (_name, behaviour) => {
    const { tooMany } = await everybody({
      maxConcurrency: 2,
      afterFinish: { code: 1000, ms: 5 },
      ...behaviour,
    });
    // What had been sent before the first refusal came back: as many as were thought to be allowed.
    expect(tooMany).toBeLessThanOrEqual(behaviour.limitHeaders === false ? 5 : 0);
  },
);
