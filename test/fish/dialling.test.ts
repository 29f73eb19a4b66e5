import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DialPauses } from '../../src/fish/dial-pauses.ts';
import { FishError } from '../../src/fish/errors.ts';
import { fishRoom, LINE } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

// How often sockets are opened, and what is told of those that cannot be. All bounds are counts.

/** Patience short enough to wait for. */
const SHORT = { dialMs: 300, busyMs: 300, repeatMs: 300 };

test.each<[number, string, string, boolean]>([
  [401, '{"message":"Invalid Token","status":401}', 'unauthorized', false],
  [402, '{"message":"Invalid api key or insufficient balance","status":402}', 'payment', false],
  [403, '{"message":"Forbidden","status":403}', 'forbidden', false],
  [404, '{"message":"Not found","status":404}', 'not-found', false],
  [429, '{"message":"Too many requests","status":429}', 'rate-limit', true],
  [503, 'Service Unavailable', 'server', true],
  [400, 'bad', 'request', false],
])('an upgrade refused with %i is told with status and body', async (status, body, kind, retryable) => {
  const upgrade = { status, body, headers: { 'Retry-After': '3', 'x-fish-error-code': 'because' } };
  await using room = await fishRoom({ upgrade }, { timings: SHORT });
  const { error } = await room.say({});
  expect(error).toMatchObject({
    kind,
    retryable: error instanceof FishError && (retryable || error.notAsked) && retryable,
  });
  expect(room.fish.status()).toMatchObject({ inFlight: 0, spares: 0 });
  const traces = room.server.handshakes.map(({ trace }) => trace);
  const { lastError } = room.fish.status();
  expect(lastError).toMatchObject({ kind, retryable, status, body, phase: 'connect', retryAfterMs: 3_000 });
  expect(lastError).toMatchObject({ code: 'because', traceId: traces.at(-1) });
  expect(room.log.join('')).toContain(traces[0]);
});

test('after a refusal for good nobody dials for a while, whoever asks', async () => {
  await using room = await fishRoom({ upgrade: { status: 401, body: 'no' } });
  await until('the refusal', () => room.fish.status().lastError !== null);
  room.fish.warm();
  for (let line = 0; line < 20; line += 1) expect((await room.say({})).error).toMatchObject({ status: 401 });
  await sleep(300);
  expect(room.server.handshakes).toHaveLength(1);
});

test('a refusal for good of a socket opened ahead of need is not the answer to a line that comes after it', async () => {
  for (const status of [200, 302, 400, 404]) {
    await using room = await fishRoom({ upgrade: { status, body: 'no', times: 1 } });
    await until('the refusal', () => room.fish.status().lastError !== null);
    expect((await room.say({})).error).toBeUndefined();
    expect(room.server.handshakes[0]).toMatchObject({ status });
  }
});

test('after a refusal that may pass it is tried again, not often, until there is a spare', async () => {
  await using room = await fishRoom({ upgrade: { status: 503, body: 'no' } });
  await until('a second attempt', () => room.server.handshakes.length >= 2);
  await sleep(1_000);
  expect(room.server.handshakes.length).toBeLessThanOrEqual(5);
  delete room.server.behaviour.upgrade;
  await until('a spare', () => room.fish.status().spares === 1);
});

test('nothing that answers, something that resets, and something that never answers', async () => {
  await using hung = await fishRoom({ hangUpgrade: true }, { timings: { ...SHORT, connectMs: 200 } });
  expect((await hung.say({})).error).toMatchObject({ kind: 'timeout', phase: 'connect', retryable: true });
  await using reset = await fishRoom({ refuseTcp: true }, { timings: SHORT });
  expect((await reset.say({})).error).toMatchObject({ kind: 'network', phase: 'connect', retryable: true });
  await using nowhere = await fishRoom({}, { url: 'http://127.0.0.1:1', timings: SHORT });
  expect((await nowhere.say({})).error).toMatchObject({ kind: 'network', phase: 'connect', retryable: true });
  await using nonsense = await fishRoom({}, { url: 'not a url' });
  expect((await nonsense.say({})).error).toMatchObject({
    kind: 'request',
    phase: 'connect',
    retryable: false,
  });
  await using badKey = await fishRoom({}, { apiKey: 'two\nlines' });
  expect((await badKey.say({})).error).toMatchObject({ kind: 'request', phase: 'connect', retryable: false });
});

test('what may pass is waited for: a line that asks meanwhile is said, and so are all others', async () => {
  const refusals = [
    { status: 503, body: 'Service Unavailable', times: 3 },
    { status: 429, body: '{"message":"Too many requests"}', times: 3 },
    { status: 429, body: '{}', headers: { 'retry-after': '1' }, times: 1 },
  ];
  for (const upgrade of refusals) {
    await using room = await fishRoom({ upgrade }, { timings: { failingMs: 60_000, guessedLimitMs: 20 } });
    if (upgrade.headers) await until('the refusal', () => room.fish.status().lastError !== null);
    const said = await Promise.all([0, 1, 2, 3, 4, 5].map(lane => room.say({ lane: `${lane}` })));
    expect(said.map(({ error }) => error)).toEqual(Array(6).fill(undefined));
    const refused = room.server.handshakes.filter(({ status }) => status !== 101);
    expect(refused).toHaveLength(upgrade.status === 503 || !upgrade.headers ? 3 : 1);
    if (upgrade.headers) {
      const [first, second] = room.server.handshakes;
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(990);
    }
  }
});

test('a storm that was: a socket is refused while one waits for a fresh one beside others that settle', async () => {
  await using room = await fishRoom({ eventMs: 20 }, { timings: { failingMs: 60_000 } });
  const { server } = room;
  await until('a spare', () => room.fish.status().spares === 1);
  const busy = [0, 1, 2].map(lane => room.say({ lane: `${lane}`, text: LINE.repeat(2) }));
  await until('they speak', () => server.sessions.length === 3);
  server.behaviour.upgrade = { status: 503, body: 'Service Unavailable' };
  server.dropIdleSockets('terminate');
  const waiting = [3, 4].map(lane => room.say({ lane: `${lane}` }));
  const before = server.handshakes.length;
  await Promise.all(busy);
  await sleep(2_000);
  // 0.1 s, 1 s, 2 s, 4 s, each shortened by up to a half, and those that were under way.
  expect(server.handshakes.length - before).toBeLessThanOrEqual(8);
  delete server.behaviour.upgrade;
  for (const { error } of await Promise.all(waiting)) expect(error).toBeUndefined();
});

test('a Fish that takes sockets and closes them at once is not stormed either', async () => {
  await using room = await fishRoom(
    { fault: { kind: 'close', code: 1011, afterEvents: 0 } },
    { timings: { repeatMs: 1_000, failingMs: 60_000 } },
  );
  const said = await Promise.all(Array.from({ length: 10 }, (_, lane) => room.say({ lane: `${lane}` })));
  for (const { error } of said) expect(error).toMatchObject({ kind: 'closed' });
  expect(room.server.handshakes.length).toBeLessThanOrEqual(60);
});

/** The pauses, with a clock that is set by hand and no chance. */
function pauses() {
  const clock = { now: 1_000_000 };
  const paused = new DialPauses({
    refusedMs: 10_000,
    busyMs: 120_000,
    now: () => clock.now,
    random: () => 1,
  });
  return { clock, paused };
}
const failure = (kind: 'server' | 'rate-limit' | 'payment', retryAfterMs?: number) =>
  new FishError(kind, 'no', { retryAfterMs });

test('pauses grow, less for those who wait, and end with a sign of life alone', () => {
  const { clock, paused } = pauses();
  const grown = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => {
    paused.failed(failure('server'), clock.now);
    const waits = [paused.waitMs(false), paused.waitMs(true)];
    clock.now += waits[0] ?? 0;
    return waits;
  });
  expect(grown.map(([spare]) => spare)).toEqual([100, 1e3, 2e3, 4e3, 8e3, 16e3, 32e3, 60e3, 60e3]);
  expect(grown.map(([, waiter]) => waiter)).toEqual([100, 1e3, 2e3, 4e3, 4e3, 4e3, 4e3, 4e3, 4e3]);
  expect(paused.atOnce).toBe(1);
  paused.opened(clock.now);
  expect([paused.waitMs(false), paused.atOnce]).toEqual([0, Number.POSITIVE_INFINITY]);
  paused.failed(failure('server'), clock.now);
  expect(paused.waitMs(false)).toBe(60e3);
  paused.opened(clock.now);
  paused.proven();
  paused.failed(failure('server'), clock.now);
  expect(paused.waitMs(false)).toBe(100);
});

test('what fails together is one failure', () => {
  const { clock, paused } = pauses();
  const beganAt = clock.now;
  clock.now += 50;
  for (let i = 0; i < 5; i += 1) {
    paused.failed(failure('server'), beganAt);
    clock.now += 1;
  }
  expect(paused.waitMs(false)).toBeLessThanOrEqual(100);
});

test('the first socket that is lost costs no pause, the next do; one that was open for long begins anew', () => {
  const { clock, paused } = pauses();
  const lost = (ageMs: number) => {
    clock.now += 60_000;
    paused.lost(ageMs);
    return paused.waitMs(false);
  };
  expect([lost(10), lost(10), lost(10), lost(60_000), lost(10)]).toEqual([0, 100, 1_000, 0, 100]);
});

test('a socket whose attempt began before another was lost does not end the pause after that', () => {
  const { clock, paused } = pauses();
  paused.lost(10);
  clock.now += 10;
  const beganAt = clock.now;
  clock.now += 10;
  paused.lost(10);
  paused.opened(beganAt);
  expect(paused.waitMs(false)).toBe(100);
  clock.now += 100;
  paused.opened(clock.now);
  paused.lost(10);
  expect(paused.waitMs(false)).toBe(1_000);
});

test('a session that is refused in band is followed by a pause, which no socket that was being opened ends', () => {
  const { clock, paused } = pauses();
  const refuse = () => {
    const sentAt = clock.now;
    clock.now += 10;
    paused.refused(failure('rate-limit'), sentAt);
    paused.opened(sentAt);
    const waits = [paused.waitMs(false), paused.waitMs(true)];
    clock.now += 60_000;
    paused.opened(clock.now);
    return waits;
  };
  expect([1, 2, 3, 4, 5].map(refuse)).toEqual([1e3, 2e3, 4e3, 8e3, 8e3].map(ms => [ms, ms]));
  paused.proven();
  expect(refuse()).toEqual([1_000, 1_000]);
});

test('a refusal for good is told to all who ask, from the beginning of that attempt on', () => {
  const { clock, paused } = pauses();
  paused.failed(failure('payment'), clock.now - 300);
  expect(paused.refusal).toMatchObject({ kind: 'payment' });
  expect([paused.waitMs(false), paused.waitMs(true)]).toEqual([9_700, 9_700]);
  clock.now += 9_701;
  expect([paused.refusal, paused.waitMs(true)]).toEqual([undefined, 0]);
});

test('Retry-After holds for everybody', () => {
  const { clock, paused } = pauses();
  paused.failed(failure('rate-limit', 30_000), clock.now);
  expect(paused.waitMs(true)).toBeGreaterThanOrEqual(30_000);
  expect(paused.refusal).toBeUndefined();
  paused.failed(failure('rate-limit'), clock.now);
  expect(paused.waitMs(true)).toBe(2_000);
});

test('whoever asks while Retry-After is longer than anybody waits is told so; later they wait', () => {
  const { clock, paused } = pauses();
  paused.failed(failure('rate-limit', 600_000), clock.now);
  expect(paused.refusal).toMatchObject({ kind: 'rate-limit' });
  clock.now += paused.waitMs(true) - 120_000;
  expect(paused.refusal).toBeUndefined();
});

test('after a 429 with a long Retry-After each line is told so, not only the one that was waiting', async () => {
  const upgrade = { status: 429, body: '{}', headers: { 'retry-after': '600' } };
  await using room = await fishRoom({ upgrade });
  await until('the refusal', () => room.fish.status().lastError !== null);
  for (let line = 0; line < 2; line += 1) {
    const { error } = await room.say({}, AbortSignal.timeout(10_000));
    expect(error).toMatchObject({ kind: 'rate-limit' });
  }
  expect(room.fish.status()).toMatchObject({ inFlight: 0, waiting: 0 });
  expect(room.server.handshakes).toHaveLength(1);
});
