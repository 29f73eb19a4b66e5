import { randomUUID } from 'node:crypto';
import { sqlitePath } from '../database-url.ts';
import { Connection } from './database/connection.ts';
import type { OpenDatabase } from './database/database.ts';
import { LiveStore } from './live-store.ts';
import { PostgresListener } from './postgres/listener.ts';
import { openPostgres } from './postgres/postgres.ts';
import { PostgresShardSession } from './postgres/shard-locks.ts';
import type { OpenShardSession } from './processes/shard-session.ts';
import { openSqlite } from './sqlite/sqlite.ts';
import type { Store, StoreOptions } from './store.ts';

/**
 * Opens the store. Rejects with StoreHeldError when another process uses the SQLite database, and with StoreNewerError
 * when a later version has written the database. After any other failure it resolves: the store's `problem` says what
 * is wrong, and the store tries the database again by itself. If that finds out one of the two, `onRefused` is called.
 */
export async function openStore({
  url,
  lease,
  log,
  alone = false,
  now = Date.now,
  onRefused,
}: StoreOptions): Promise<Store> {
  const path = sqlitePath(url);
  const kind = path === null ? 'postgres' : 'sqlite';
  const open: OpenDatabase =
    path === null
      ? (lost, signal) => openPostgres({ url, lost, signal, log })
      : (_lost, signal) => openSqlite(path, { log, now, signal });
  const listener = kind === 'postgres' ? new PostgresListener(url, log) : undefined;
  const connection = new Connection(kind, open, log);
  if (onRefused) connection.onRefused = onRefused;
  return await LiveStore.start({ kind, connection, lease, log, alone, now, ...(listener && { listener }) });
}

/**
 * How sessions are opened by which the processes of one bot hold shards; null with SQLite, which only one process can
 * use. `bot` is the same in all processes.
 */
export function shardSessions(url: string, bot: string): OpenShardSession | null {
  if (url.startsWith('file:')) return null;
  const process = randomUUID();
  return how => PostgresShardSession.open({ url, bot, process, ...how });
}
