import { fileURLToPath } from 'node:url';

// Reads the address of the database as the operator writes it (DATABASE_URL). The check of the variable and the store
// both read it here, so that the check refuses whatever the store could not use.

/** What can be read with no doubt: a `%` without two hexadecimal digits is none, nor is the character NUL. */
const isSound = (url: string) => !/%(?![\da-f]{2})|%00|\0/i.test(url);

/**
 * The path in a URL such as `file:./data/a.db` or `file:///data/a.db`. Null for any other URL, and where there can be no
 * such path: a `file:` URL may have neither a host nor SQLite's parameters, and its `%` must stand for UTF-8.
 */
export function sqlitePath(url: string): string | null {
  if (!/^file:(?:\/\/\/|(?!\/\/))[^?#]*[^/?#]$/.test(url) || !isSound(url)) return null;
  try {
    return url.startsWith('file://') ? fileURLToPath(url) : decodeURI(url.slice('file:'.length));
  } catch {
    return null; // a `%` does not stand for UTF-8, or for a slash
  }
}

/** Whether this is a URL of PostgreSQL that can be used: with a host, and each `%` in it stands for UTF-8. */
export function isPostgresUrl(url: string): boolean {
  const parsed = URL.parse(url);
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol) || parsed.hostname === '') return false;
  try {
    decodeURIComponent(url);
    return isSound(url);
  } catch {
    return false; // a `%` does not stand for UTF-8
  }
}
