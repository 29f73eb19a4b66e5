import { Connection } from './connection.ts';
import type { OpenDatabase } from './database.ts';
import { LiveStore } from './live-store.ts';
import { openPostgres } from './postgres/postgres.ts';
import { openSqlite, sqlitePath } from './sqlite/sqlite.ts';
import type { Store, StoreOptions } from './store.ts';

/**
 * Opens the store. Rejects with StoreHeldError when another process uses the database, and with StoreNewerError when a
 * later version has written it. After any other failure it resolves: the store's `problem` says what is wrong, and the
 * store tries the database again by itself.
 */
export async function openStore({ url, lease, log, now = Date.now }: StoreOptions): Promise<Store> {
  const kind = url.startsWith('file:') ? 'sqlite' : 'postgres';
  const open: OpenDatabase =
    kind === 'sqlite'
      ? (_lost, signal) => openSqlite(sqlitePath(url), { log, now, signal })
      : (lost, signal) => openPostgres({ url, lease, lost, signal, log });
  return await LiveStore.start({ kind, connection: new Connection(kind, open, log), lease, log, now });
}
