import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FishError } from '../../src/fish/errors.ts';
import { ShutOut } from '../../src/fish/shut-out.ts';
import { fishRoom } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

const HELD_UP_MS = 10_000;
const AT_THE_DOOR = new FishError('rate-limit', 'too many sessions (HTTP 429)', { phase: 'connect' });
const IN_BAND = new FishError('rate-limit', 'too many sessions at Fish Audio');
const now = () => ({ beganAt: performance.now() });
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function shutOut() {
  const onLong = vi.fn<(error: FishError) => void>();
  return { onLong, door: new ShutOut({ heldUpMs: HELD_UP_MS, onLong, log: pino({ level: 'silent' }) }) };
}

test.each([AT_THE_DOOR, IN_BAND])(
  'one refusal is enough where somebody waits for so long: %s',
  async error => {
    const { door, onLong } = shutOut();
    using _ = door;
    using _guest = door.enter();
    await pass(5_000);
    door.failed(error);
    await pass(HELD_UP_MS - 1);
    expect(onLong).not.toHaveBeenCalled();
    await pass(1);
    expect(onLong).toHaveBeenCalledExactlyOnceWith(error);
  },
);

test('it is long when somebody has waited long, not when nobody waited', async () => {
  const { door, onLong } = shutOut();
  using _ = door;
  door.failed(AT_THE_DOOR);
  await pass(60_000);
  const gone = door.enter();
  await pass(9_000);
  gone[Symbol.dispose]();
  using _guest = door.enter();
  await pass(HELD_UP_MS - 1);
  expect(onLong).not.toHaveBeenCalled();
  await pass(1);
  expect(onLong).toHaveBeenCalledOnce();
});

test('whoever is let in ends it: by a socket if none could be opened, else by words that were sent after it', async () => {
  const { door, onLong } = shutOut();
  using _ = door;
  using _guest = door.enter();
  door.failed(AT_THE_DOOR);
  await pass(9_000);
  door.opened(now());
  expect(door.since).toBe(null);
  door.failed(IN_BAND);
  await pass(9_000);
  door.opened(now());
  expect(door.since).not.toBe(null);
  const other = door.enter();
  other.heard(0);
  expect(door.since).not.toBe(null);
  other.heard(performance.now());
  expect(door.since).toBe(null);
  await pass(60_000);
  expect(onLong).not.toHaveBeenCalled();
});

test('while Fish speaks for somebody, the others wait for their turn', async () => {
  const { door, onLong } = shutOut();
  using _ = door;
  const speaking = door.enter();
  speaking.heard(performance.now());
  await pass(10);
  using _guest = door.enter();
  door.failed(IN_BAND);
  await pass(60_000);
  speaking[Symbol.dispose]();
  await pass(HELD_UP_MS - 1);
  expect(onLong).not.toHaveBeenCalled();
  await pass(1);
  expect(onLong).toHaveBeenCalledOnce();
});

test('what may be due to the words or the voice shuts nobody out', async () => {
  const { door, onLong } = shutOut();
  using _ = door;
  using _guest = door.enter();
  for (const kind of ['no-audio', 'rejected', 'timeout', 'closed'] as const)
    door.failed(new FishError(kind, kind));
  await pass(60_000);
  expect(onLong).not.toHaveBeenCalled();
});

const REFUSING = { maxConcurrency: 0, limitHeaders: false };

test('a session that is refused in band for long is an outage, which ends when that session is said', async () => {
  vi.useRealTimers();
  await using room = await fishRoom(REFUSING, { timings: { heldUpMs: 1_500 } });
  const { circuit } = room.fish;
  const said = room.say({});
  await until('the outage', () => circuit.outage !== null);
  expect(circuit.outage?.error).toMatchObject({ kind: 'rate-limit' });
  expect((await room.say({ text: 'Another line.' })).error).toMatchObject({
    kind: 'rate-limit',
    notAsked: true,
  });
  room.server.behaviour.maxConcurrency = 5;
  expect((await said).error).toBe(undefined);
  expect(circuit.outage).toBe(null);
});

test('one 429 with a Retry-After is an outage when somebody has waited long, until a socket opens', async () => {
  vi.useRealTimers();
  const upgrade = { status: 429, body: '{}', headers: { 'retry-after': '4' }, times: 1 };
  await using room = await fishRoom({ upgrade }, { timings: { heldUpMs: 1_000 } });
  const { circuit } = room.fish;
  const changes: { isOut: boolean; handshakes: number }[] = [];
  const note = () =>
    changes.push({ isOut: circuit.outage !== null, handshakes: room.server.handshakes.length });
  circuit.onChange(note, new AbortController());
  expect((await room.say({})).error).toBe(undefined);
  expect(changes[0]).toEqual({ isOut: true, handshakes: 1 });
  expect(changes.at(-1)).toMatchObject({ isOut: false });
});

test('a 429 with a longer pause than anybody waits for is an outage as soon as a line fails by it', async () => {
  vi.useRealTimers();
  const upgrade = { status: 429, body: '{}', headers: { 'retry-after': '600' } };
  await using room = await fishRoom({ upgrade });
  await until('the refusal', () => room.fish.status().lastError !== null);
  expect(room.fish.circuit.outage).toBe(null);
  expect((await room.say({})).error).toMatchObject({ kind: 'rate-limit' });
  expect(room.fish.circuit.outage?.error).toMatchObject({ kind: 'rate-limit' });
});
