import { StoreError } from './errors.ts';

/** Settles as `answer` does; rejects with StoreError `unreachable` if that takes longer than `ms`. */
export async function inTime<T>(answer: PromiseLike<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new StoreError('unreachable')), ms);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
