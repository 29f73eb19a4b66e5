import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FishError } from '../../src/fish/errors.ts';
import { Outage } from '../../src/fish/outage.ts';

const PROBE_MS = 10_000;
const SLOW_PROBE_MS = 60_000;
/** So many probes come in the quick pace. */
const QUICK_PROBES = 30;
const OF_DIALLING = new FishError('server', 'no socket', { phase: 'connect' });
const IN_BAND = new FishError('rejected', 'no speech', { phase: 'first-audio' });

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** An outage whose probes end with what `probed` returns. */
function outageOf(error: FishError, probed: () => Promise<void> = () => Promise.reject(error)) {
  const probe = vi.fn((_signal: AbortSignal, began: () => void) => {
    began();
    return probed();
  });
  const onChange = vi.fn();
  const onOver = vi.fn();
  const outage = new Outage(error, {
    since: 0,
    timings: { probeMs: PROBE_MS, slowProbeMs: SLOW_PROBE_MS },
    probe,
    onChange,
    onOver,
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
  });
  return { outage, probe, onChange, onOver };
}

const now = () => ({ beganAt: performance.now() });

test('probes come at a quick pace, then at a slow one; a person who knocks has one sooner', async () => {
  const { outage, probe } = outageOf(OF_DIALLING);
  using _ = outage;
  await vi.advanceTimersByTimeAsync(QUICK_PROBES * PROBE_MS);
  expect(probe).toHaveBeenCalledTimes(QUICK_PROBES);
  await vi.advanceTimersByTimeAsync(SLOW_PROBE_MS - 1);
  expect(probe).toHaveBeenCalledTimes(QUICK_PROBES);
  outage.knock();
  expect(probe).toHaveBeenCalledTimes(QUICK_PROBES + 1);
  outage.knock();
  expect(probe).toHaveBeenCalledTimes(QUICK_PROBES + 1);
});

test('a probe that opens a socket ends the outage, once, and no more probes come', async () => {
  const { outage, probe, onOver } = outageOf(OF_DIALLING, () => Promise.resolve());
  using _ = outage;
  await vi.advanceTimersByTimeAsync(PROBE_MS);
  expect(onOver).toHaveBeenCalledTimes(1);
  outage.spoken(now());
  outage.failed(OF_DIALLING, now());
  await vi.advanceTimersByTimeAsync(10 * SLOW_PROBE_MS);
  expect(probe).toHaveBeenCalledTimes(1);
  expect(onOver).toHaveBeenCalledTimes(1);
});

test('a socket that opens ends no outage in which sockets open but nothing is said', () => {
  const { outage, onOver } = outageOf(IN_BAND);
  using _ = outage;
  outage.dialled(now());
  expect(onOver).not.toHaveBeenCalled();
  outage.spoken({ beganAt: performance.now() - 1 });
  expect(onOver).not.toHaveBeenCalled();
  outage.spoken(now());
  expect(onOver).toHaveBeenCalledTimes(1);
});

test('one line may try when the pause is over, and the next one at once where nothing was learned', async () => {
  const { outage, probe, onChange } = outageOf(IN_BAND);
  using _ = outage;
  expect(outage.mayTry).toBe(false);
  await vi.advanceTimersByTimeAsync(PROBE_MS);
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(outage.mayTry).toBe(true);
  const endTrial = outage.beginTrial();
  expect(outage.mayTry).toBe(false);
  const { trial } = outage;
  endTrial({ learned: false });
  await trial;
  expect(outage).toMatchObject({ trial: null, mayTry: true });
  outage.beginTrial()({ learned: true });
  expect(outage).toMatchObject({ trial: null, mayTry: false });
  expect(onChange).toHaveBeenCalledTimes(3);
  expect(probe).not.toHaveBeenCalled();
});

test('the last failure decides what tries Fish, if its attempt began in the outage', async () => {
  const { outage, probe } = outageOf(IN_BAND);
  using _ = outage;
  outage.failed(OF_DIALLING, { beganAt: performance.now() - 1 });
  expect(outage.error).toBe(IN_BAND);
  outage.failed(OF_DIALLING, now());
  expect(outage.error).toBe(OF_DIALLING);
  await vi.advanceTimersByTimeAsync(PROBE_MS);
  expect(probe).toHaveBeenCalledTimes(1);
});

test('an outage that ends lets those go on who wait for the line that tries', async () => {
  const { outage, onChange } = outageOf(IN_BAND);
  using _ = outage;
  await vi.advanceTimersByTimeAsync(PROBE_MS);
  const endTrial = outage.beginTrial();
  const { trial } = outage;
  outage.spoken(now());
  await trial;
  onChange.mockClear();
  endTrial({ learned: true });
  expect(onChange).not.toHaveBeenCalled();
});
