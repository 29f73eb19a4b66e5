// Cuts long lists of rows or ids so that a statement of SQL has room for each part.

/**
 * The most rows or ids of one statement, because both databases limit the parameters of a statement. A row
 * has up to seven.
 */
const AT_ONCE = 500;

/** Cuts a list into chunks, each small enough for one statement. */
export function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += AT_ONCE) yield items.slice(at, at + AT_ONCE);
}
