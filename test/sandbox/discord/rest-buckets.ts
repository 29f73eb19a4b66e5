import { RestError } from './rest-error.ts';
import type { RestRoute } from './rest-server.ts';

/** Counts the calls of routes that are limited, and refuses those that come too soon. (Discord, "Rate Limits".) */
export class Buckets {
  /** When the calls of the last window came, by route and resource; ms (`performance.now()`). */
  readonly #calls = new Map<string, number[]>();

  /** Counts a call, and adds to `headers` what a client is told of the limit. Throws 429 where it comes too soon. */
  take(route: RestRoute, resource: string, headers: Record<string, string | number>): void {
    if (!route.limit) return;
    const { calls, windowMs } = route.limit;
    const key = `${route.method} ${route.path} ${resource}`;
    const now = performance.now();
    const recent = (this.#calls.get(key) ?? []).filter(at => now - at < windowMs);
    const first = recent[0] ?? now;
    const resetAfter = Math.ceil(first + windowMs - now) / 1_000;
    const allowed = recent.length < calls;
    if (allowed) recent.push(now);
    this.#calls.set(key, recent);
    Object.assign(headers, {
      'x-ratelimit-bucket': `${route.method}${route.path}`.replaceAll(/\W/gu, ''),
      'x-ratelimit-limit': calls,
      'x-ratelimit-remaining': calls - recent.length,
      'x-ratelimit-reset': (Date.now() / 1_000 + resetAfter).toFixed(3),
      'x-ratelimit-reset-after': resetAfter,
    });
    if (allowed) return;
    Object.assign(headers, { 'retry-after': resetAfter, 'x-ratelimit-scope': 'user', via: '1.1 google' });
    throw new LimitedError(resetAfter);
  }
}

class LimitedError extends RestError {
  readonly #retryAfter: number;

  constructor(retryAfter: number) {
    super(429, 0, 'You are being rate limited.');
    this.#retryAfter = retryAfter;
  }

  override get body(): object {
    return { message: this.message, retry_after: this.#retryAfter, global: false };
  }
}
