// A day in twenty-four minutes. Whoever loads this file (`import`, or `preload` of `startBot`) has a system clock that
// runs sixty times as fast, and what waits there for ten minutes or longer waits a sixtieth of it: what is done by the
// hour or the day happens as often as in a day. Speech, connections and what watches over them take the time that they
// take, since the monotonic clock (`performance.now()`) stays as it is.
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { replaceClock } from './system-clock.ts';

const TIMES = 60;
const LONG_MS = 10 * 60_000;

/** The bot's process and that of the sandbox have one clock. */
const began = Number((process.env['HASTENED_FROM'] ??= String(Date.now())));
replaceClock(systemMs => Math.floor(began + (systemMs - began) * TIMES));

const hastened = (ms: number | undefined) => (ms !== undefined && ms >= LONG_MS ? ms / TIMES : ms);
for (const name of ['setTimeout', 'setInterval'] as const) {
  const hastening = new Proxy(timers[name], {
    apply: (original, self, [run, ms, ...args]: [run: () => void, ms?: number, ...args: unknown[]]) =>
      Reflect.apply(original, self, [run, hastened(ms), ...args]),
  });
  Object.assign(timers, { [name]: hastening });
  Object.assign(globalThis, { [name]: hastening });
}
const { setTimeout: sleep } = promises;
promises.setTimeout = (ms, ...args) => sleep(hastened(ms), ...args);
syncBuiltinESMExports();
