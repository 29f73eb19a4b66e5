import type { EventEmitter } from 'node:events';
import type { Logger } from './log.ts';

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
    const result = run();
    if (result instanceof Promise) result.catch(failed);
    return result;
  } catch (error) {
    failed(error);
    return undefined;
  }
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
