import type { EventEmitter } from 'node:events';
import type { Logger } from './log.ts';

// Walls around parts of the program: what throws behind a wall costs that part alone, and is logged as a `fault`.

/** Runs before each walled part. Tests set it, so that a part throws. */
let before: (what: string) => void = () => {};

/**
 * For tests: has `run` called inside each wall, before the part itself. What it throws counts as a fault of the part.
 */
export function beforeEachPart(run: (what: string) => void): void {
  before = run;
}

/** Lets tests make a part throw that needs no wall here, because its caller catches what it throws. */
export function part(what: string): void {
  before(what);
}

/**
 * Runs a part of the program so that its failure harms nothing else. Returns what `run` returns. If `run` throws, or
 * returns a promise that rejects, the error is logged as a fault and given to `onFault`, and the result is undefined
 * (of the promise, if there is one: it never rejects). `what` names the part in the log.
 */
export function walled<T>(
  log: Logger,
  what: string,
  run: () => Promise<T>,
  onFault?: (error: unknown) => void,
): Promise<T | undefined> | undefined;
export function walled<T>(
  log: Logger,
  what: string,
  run: () => T,
  onFault?: (error: unknown) => void,
): T | undefined;
export function walled(
  log: Logger,
  what: string,
  run: () => unknown,
  onFault?: (error: unknown) => void,
): unknown {
  const failed = (error: unknown) => {
    log.error({ fault: what, err: error }, 'a fault: it costs this part alone');
    onFault?.(error);
    return undefined;
  };
  try {
    before(what);
    const result = run();
    return result instanceof Promise ? result.catch(failed) : result;
  } catch (error) {
    return failed(error);
  }
}

/** How often a part that a timer runs is tried at most. */
const TIMER_TRIES = 3;

/** Sets a timer with a wall. If the part throws, it is run again after the same time, at most three times in all. */
export function later(log: Logger, what: string, ms: number, run: () => unknown): NodeJS.Timeout {
  let tries = 0;
  const timer = setTimeout(() => {
    tries += 1;
    walled(log, what, run, () => {
      if (tries < TIMER_TRIES) timer.refresh();
    });
  }, ms);
  return timer;
}

/** The pause before a part is run once more after a fault. */
const AGAIN_MS = 250;

/** Runs a part that must not be left undone and may be done twice. After a fault it is run again a moment later. */
export function insist(log: Logger, what: string, run: () => unknown): void {
  walled(log, what, run, () => later(log, what, AGAIN_MS, run).unref());
}

/** The events that an emitter emits about its own listeners. These get no wall. */
const OWN_EVENTS = new Set<unknown>(['newListener', 'removeListener']);

/**
 * Puts a wall around each listener of an emitter, whoever has added it. If a listener throws or rejects, the other
 * listeners are still called, and the code that emits goes on.
 */
export function wallListeners(
  emitter: EventEmitter,
  log: Logger,
  name: string,
  onFault?: (error: unknown) => void,
): void {
  const { emit } = emitter;
  emitter.emit = function (this: EventEmitter, event: string | symbol, ...given: unknown[]): boolean {
    const listeners = OWN_EVENTS.has(event) ? [] : this.rawListeners(event);
    if (listeners.length === 0) return emit.call(this, event, ...given);
    for (const listener of listeners)
      walled(log, `${name} ${String(event)}`, () => Reflect.apply(listener, this, given) as unknown, onFault);
    return true;
  };
}
