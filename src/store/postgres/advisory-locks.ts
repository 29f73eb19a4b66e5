import { type RawBuilder, sql } from 'kysely';

// PostgreSQL's advisory locks, by which the processes that use one database wait for each other and see who of them
// lives. PostgreSQL releases a lock when its session or transaction ends, however that happens. Those of shards are in
// `shard-locks.ts`.

/** The condition in SQL that a row of `pg_locks` is an advisory lock that somebody holds in the present database. */
export const HELD_HERE = `locktype = 'advisory' and granted
  and database = (select oid from pg_database where datname = current_database())`;

/**
 * The number in SQL of the lock that a connection holds by which a process hears the others. `name` is the SQL of the
 * connection's name, such as a column.
 */
export function processLock(name: string): string {
  return `hashtextextended('parrotfish process ' || ${name}, 0)`;
}

/**
 * SQL that has all transactions with a turn of this name run one after another: it waits for those before it to end.
 */
export function turnOf(name: string): RawBuilder<unknown> {
  return sql`pg_advisory_xact_lock(hashtextextended(${`parrotfish ${name}`}::text, 0))`;
}
