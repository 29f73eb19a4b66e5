/** Waits for a value, but only until the signal is aborted; then it rejects with the signal's reason. */
export async function unlessAborted<T>(value: T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([aborted, value]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
