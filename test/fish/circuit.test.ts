import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { Circuit } from '../../src/fish/circuit.ts';
import { FishError } from '../../src/fish/errors.ts';
import { type FishRoomTest, fishRoom, LINE } from '../support/fish-room.ts';
import { until } from '../support/until.ts';

const PROBE_MS = 300;
const QUICK = { timings: { probeMs: PROBE_MS, slowProbeMs: PROBE_MS, failingMs: 100 } };
const NO_CREDIT = { status: 402, body: '{"message":"Insufficient balance","status":402}' };

afterEach(() => void vi.useRealTimers());

const isOut = (room: FishRoomTest) => room.fish.circuit.outage !== null;
const asked = (room: FishRoomTest) => room.server.handshakes.length + room.server.sessions.length;
const errorOf = async (saying: Promise<{ error?: unknown }>) => (await saying).error as FishError | undefined;

/** The most tries that may have come since `from`, `performance.now()`. */
const triesSince = (from: number) => 1 + Math.ceil((performance.now() - from) / PROBE_MS);

test.each([401, 402, 403])(
  'row 10: %i on the upgrade is an outage at once: no line asks, one probe at a time does, and it comes back',
  async status => {
    await using room = await fishRoom({ upgrade: { status, body: 'no' } }, QUICK);
    await until('the outage', () => isOut(room));
    expect(room.server.handshakes).toHaveLength(1);
    const trace = room.server.handshakes[0]?.trace ?? '';
    expect(trace).not.toBe('');
    expect(room.log.find(line => line.includes('nothing can be said for now'))).toContain(
      `"traceId":"${trace}"`,
    );
    const from = performance.now();
    for (let line = 0; performance.now() - from < 4 * PROBE_MS; line += 1) {
      expect(await errorOf(room.say({ text: `Line ${line}.` }))).toMatchObject({ status, notAsked: true });
      await sleep(20);
    }
    expect(room.server.handshakes.length).toBeGreaterThan(1);
    expect(room.server.handshakes.length).toBeLessThanOrEqual(triesSince(from));
    expect(room.server.sessions).toHaveLength(0);
    delete room.server.behaviour.upgrade;
    await until('it is back, though nobody speaks', () => !isOut(room));
    expect(await errorOf(room.say({}))).toBeUndefined();
  },
);

test('failures of the passing kind are an outage when they go on, not when they come all at once', async () => {
  await using room = await fishRoom({}, { timings: { ...QUICK.timings, failingMs: 400 } });
  await until('a spare', () => room.fish.status().spares === 1);
  const outage = { status: 503, body: 'Service Unavailable' };
  room.server.behaviour.upgrade = { ...outage, times: 5 };
  room.server.dropIdleSockets();
  const all = await Promise.all(
    Array.from({ length: 5 }, (_, lane) => errorOf(room.say({ lane: `${lane}` }))),
  );
  expect(all).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(isOut(room)).toBe(false);
  room.server.behaviour.upgrade = outage;
  room.server.dropIdleSockets();
  const from = performance.now();
  while (!isOut(room)) {
    await room.say({});
    await sleep(20);
  }
  expect(performance.now() - from).toBeGreaterThan(100);
  expect(await errorOf(room.say({}))).toMatchObject({ kind: 'server', notAsked: true });
  delete room.server.behaviour.upgrade;
  await until('it is back', () => !isOut(room));
});

test('in band: the next line tries, once a while; others wait for what becomes of it', async () => {
  const probeMs = 2_000; // a slow machine needs less for what has to happen before it is over
  await using room = await fishRoom(
    { fault: { kind: 'error', afterEvents: 0 } },
    { timings: { ...QUICK.timings, probeMs, slowProbeMs: probeMs } },
  );
  for (let line = 0; !isOut(room); line += 1) {
    await room.say({ text: `Line ${line}.` });
    await sleep(50);
  }
  const before = room.server.sessions.length;
  expect(before).toBeGreaterThanOrEqual(3);
  expect(await errorOf(room.say({}))).toMatchObject({ kind: 'rejected', notAsked: true });
  await sleep(probeMs);
  const four = () =>
    Promise.all([1, 2, 3, 4].map(lane => errorOf(room.say({ lane: `${lane}`, text: `Now ${lane}.` }))));
  const refused = await four();
  expect(refused.filter(error => error && !error.notAsked)).toHaveLength(1);
  expect(refused.filter(error => error?.notAsked)).toHaveLength(3);
  expect(room.server.sessions).toHaveLength(before + 1);
  delete room.server.behaviour.fault;
  await sleep(probeMs);
  expect(await four()).toEqual([undefined, undefined, undefined, undefined]);
  expect(isOut(room)).toBe(false);
});

test('one line that fails again and again, an unknown voice and a wrong request are no outage', async () => {
  await using room = await fishRoom({ fault: { kind: 'no-audio' } }, QUICK);
  for (let tries = 0; tries < 6; tries += 1) {
    expect((await errorOf(room.say({ text: 'The same words.' })))?.kind).toBe('no-audio');
    await sleep(40);
  }
  room.server.behaviour.fault = { kind: 'unknown-voice' };
  for (let tries = 0; tries < 6; tries += 1) {
    expect((await errorOf(room.say({ text: `Words ${tries}.` })))?.unknownVoice).toBe(true);
    await sleep(40);
  }
  room.server.behaviour.fault = { kind: 'error', afterEvents: 0, error: 'speed must be in [0.5, 2.0]' };
  for (let tries = 0; tries < 6; tries += 1) {
    await room.say({ text: `Words ${tries}.` });
    await sleep(40);
  }
  expect(isOut(room)).toBe(false);
});

test('what is said between failures ends their row', async () => {
  await using room = await fishRoom({}, QUICK);
  for (let line = 0; line < 5; line += 1) {
    room.server.behaviour.fault = { kind: 'error', afterEvents: 0 };
    room.server.behaviour.faultTimes = 2;
    await room.say({ text: `Fails ${line}.` });
    await sleep(120);
    await room.say({ text: `Fails too ${line}.` });
    expect(await errorOf(room.say({ text: `Goes well ${line}.` }))).toBeUndefined();
  }
  expect(isOut(room)).toBe(false);
});

test('in band, no credit is an outage at once; a line that is skipped while it tries leaves the try to the next', async () => {
  await using room = await fishRoom(
    { fault: { kind: 'error', afterEvents: 0, error: 'Insufficient balance' } },
    QUICK,
  );
  expect((await errorOf(room.say({})))?.kind).toBe('payment');
  expect(isOut(room)).toBe(true);
  const told = room.log.find(line => line.includes('nothing can be said for now'));
  expect(room.server.handshakes.map(({ trace }) => trace)).toContain(
    /"traceId":"([^"]*)"/.exec(told ?? '')?.[1],
  );
  room.server.behaviour.fault = { kind: 'stall', afterEvents: 0 };
  await sleep(PROBE_MS);
  const skip = new AbortController();
  const trying = room.say({ text: 'Skipped.' }, skip.signal);
  await until('it tries', () => room.server.openSessions === 1);
  const next = room.say({ text: LINE });
  delete room.server.behaviour.fault;
  skip.abort();
  await trying;
  expect(await errorOf(next)).toBeUndefined();
  expect(isOut(room)).toBe(false);
});

test('no credit at start is written into the log in words, without the key', async () => {
  await using room = await fishRoom({ upgrade: NO_CREDIT }, QUICK);
  await until('the outage', () => isOut(room));
  const line = room.log.find(text => text.includes('nothing can be said for now'));
  expect(line).toContain('no API credit (HTTP 402)');
  expect(line).not.toContain(room.server.apiKey);
  expect(asked(room)).toBe(1);
});

/** A circuit by itself, in an outage of dialling; its probes are ended by hand. */
async function outOfDialling(probeMs = 0) {
  const probes: { began: () => void; end: PromiseWithResolvers<void> }[] = [];
  const circuit = new Circuit({
    timings: { failingMs: 0, heldUpMs: 10_000, probeMs, slowProbeMs: 60_000 },
    probe: (_signal, began) => {
      const end = Promise.withResolvers<void>();
      probes.push({ began, end });
      return end.promise;
    },
    onOver: () => {},
    log: pino({ level: 'silent' }),
  });
  const refused = new FishError('rate-limit', 'too many sessions', { phase: 'connect' });
  while (!circuit.outage) await circuit.dialling(() => Promise.reject(refused)).catch(() => undefined);
  return { circuit, probes, refused };
}

test('while a probe waits until it may dial, no other one is begun, however many people knock', async () => {
  const { circuit, probes, refused } = await outOfDialling();
  using _ = circuit;
  for (let line = 0; line < 20; line += 1) {
    expect(circuit.knock()).toMatchObject({ kind: 'rate-limit', notAsked: true });
    await sleep(1);
  }
  expect(probes).toHaveLength(1);
  probes[0]?.end.reject(refused);
  await until('the next one', () => probes.length === 2);
  for (let line = 0; line < 20; line += 1) circuit.knock();
  expect(probes).toHaveLength(2);
  probes[1]?.end.resolve();
  await until('it is over', () => !circuit.outage);
});

test('the pause until the next probe begins when the last one has dialled', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const { circuit, probes, refused } = await outOfDialling(10_000);
  using _ = circuit;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(probes).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(120_000);
  probes[0]?.began();
  probes[0]?.end.reject(refused);
  await vi.advanceTimersByTimeAsync(9_000);
  circuit.knock();
  expect(probes).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(probes).toHaveLength(2);
});

test('a line that tries and is refused in band may wait long, and the others do not wait for it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const timings = { failingMs: 0, heldUpMs: 10_000, probeMs: 10_000, slowProbeMs: 10_000 };
  const circuit = new Circuit({
    timings,
    probe: () => Promise.resolve(),
    onOver: () => {},
    log: pino({ level: 'silent' }),
  });
  using _ = circuit;
  const { signal } = new AbortController();
  const refusal = new FishError('rate-limit', 'too many sessions');
  const waiting = await circuit.enter('One line.', signal);
  waiting.refused(refusal);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(circuit.outage).toBe(null);
  await vi.advanceTimersByTimeAsync(1);
  expect(circuit.outage?.error).toBe(refusal);
  await vi.advanceTimersByTimeAsync(10_000);
  const trying = await circuit.enter('Another line.', signal);
  const third = circuit.enter('A third line.', signal).catch((error: unknown) => error);
  trying.refused(refusal);
  expect(await third).toMatchObject({ kind: 'rate-limit', notAsked: true });
  waiting.heard();
  expect(circuit.outage).not.toBe(null);
  waiting.sent();
  waiting.heard();
  expect(circuit.outage).toBe(null);
});
