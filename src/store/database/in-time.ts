import { StoreError } from '../errors.ts';

// Limits how long the store waits for an answer of the database, or for its own last writes.

/** Resolves or rejects as `answer` does. If that takes longer than `ms`, it rejects with StoreError `unreachable`. */
export async function inTime<T>(answer: PromiseLike<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new StoreError('unreachable')), ms);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
