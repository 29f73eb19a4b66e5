import type { EventEmitter } from 'node:events';
import type { Logger } from './log.ts';

/** What tests do before each walled part; they make it throw. */
let before: (what: string) => void = () => {};

/** For tests: runs `run` inside each wall, before what stands there; what it throws is that part's fault. */
export function beforeEachPart(run: (what: string) => void): void {
  before = run;
}

/** Marks a part whose caller has a wall of its own around it. */
export function part(what: string): void {
  before(what);
}

/**
 * Runs a part of the program whose failure shall cost that part alone: what it throws, or rejects with, is logged as a
 * fault and given to `onFault`, and the result is undefined.
 */
export function walled<T>(
  log: Logger,
  what: string,
  run: () => T,
  onFault?: (error: unknown) => void,
): T | undefined {
  const failed = (error: unknown) => {
    log.error({ fault: what, err: error }, 'a fault: it costs this part alone');
    onFault?.(error);
  };
  try {
    before(what);
    const result = run();
    if (result instanceof Promise) result.catch(failed);
    return result;
  } catch (error) {
    failed(error);
    return undefined;
  }
}

/** A timer that throws once more than this is left alone. */
const TIMER_TRIES = 3;

/** `setTimeout` with a wall: a part that throws is run again after the same time, three times in all. */
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

/** A part that may be done twice is done once more so long after a fault. */
const AGAIN_MS = 250;

/** Does what must not be left undone and may be done twice: after a fault once more, a moment later. */
export function insist(log: Logger, what: string, run: () => unknown): void {
  walled(log, what, run, () => later(log, what, AGAIN_MS, run).unref());
}

/** The events by which an emitter tells of its own listeners. */
const OWN_EVENTS = new Set<unknown>(['newListener', 'removeListener']);

/**
 * Puts a wall around each listener of an emitter, of whosever making: one that throws or rejects keeps neither the
 * others from being told, nor the emitter's own code from going on.
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
