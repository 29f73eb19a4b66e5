import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request, as far as it decides whether it may be answered. */
interface Asked {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

interface Door {
  readonly port: number;
  /** What every path begins with. */
  readonly token: string;
}

export type Admission =
  | { readonly path: string; readonly query: URLSearchParams }
  | { readonly status: number; readonly why: string };

/**
 * Decides who gets in: the page runs with the rights of whoever started it, on a machine on which other programs and
 * other web pages run too. Returns the path behind the token, or why the request is refused.
 *
 * - The token in the path keeps out other users of the machine.
 * - `Host` must be this address: by a name of its own, a foreign web page could reach it (DNS rebinding).
 * - `Origin`, which browsers send with what scripts ask for, must be this page; a WebSocket must have it (`socket`).
 */
export function admit(
  { method, url = '/', headers }: Asked,
  { port, token }: Door,
  socket = false,
): Admission {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = '', origin } = headers;
  if (!hosts.includes(host)) return { status: 421, why: 'This is not the address of the sandbox.' };
  if (origin === undefined ? socket : origin !== `http://${host}`)
    return { status: 403, why: 'Only the sandbox’s own page may ask for this.' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, why: 'There is only GET.' };
  const target = URL.parse(url, `http://${host}`);
  const [, first = '', ...rest] = target?.pathname.split('/') ?? [];
  if (!target || !same(first, token) || rest.length === 0)
    return { status: 403, why: 'The address lacks its token: take the one that the sandbox printed.' };
  return { path: rest.join('/'), query: target.searchParams };
}

/** Compares in a time that tells nothing about where the two differ. */
function same(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
