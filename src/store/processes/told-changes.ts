import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { turnOf } from '../postgres/advisory-locks.ts';
import { POSTGRES_NOW } from '../postgres/clock.ts';
import { notification } from '../postgres/notify.ts';

// How the processes that use one PostgreSQL database tell each other what they change. A change is told twice: by
// NOTIFY, which arrives at once but may get lost with its connection, and by a row of the table `told_change`, which is
// looked for now and then. Both are written in the transaction of the change, so that nothing is told that does not
// hold.

/** The topic of changes among what processes tell each other. */
export const CHANGE = 'change';

/** How long a change stays in the table for others to find, in ms. */
export const TOLD_FOR_MS = 3_600_000;

/** What was changed: something of a guild, or all that was kept of a person, in all guilds, which was deleted. */
type Subject = { readonly guildId: string } | { readonly userId: string };

/** A change as it was told. */
export interface ToldChange {
  /** PostgreSQL's number of the transaction that made it. */
  readonly xact: number;
  /** The name of the process that made it. */
  readonly process: string;
  readonly subject: Subject;
  /** When it was made, in epoch milliseconds; undefined where NOTIFY told of it. */
  readonly at?: number;
}

/** Tells the other processes of a change. `db` is the transaction that makes it, which has not changed anything yet. */
export type TellChange = (db: Kysely<Tables>, subject: Subject) => Promise<unknown>;

/**
 * Makes a `TellChange` for the process of that name. Besides, it has those who change the same guild wait for each
 * other, as each reads what is there before it writes.
 */
export function tellAs(process: string): TellChange {
  return (db, subject) => {
    const [kind, guildId, userId] =
      'guildId' in subject ? ['guild', subject.guildId, ''] : ['person', '', subject.userId];
    const id = guildId || userId;
    return sql`
      with turn as materialized (
        select ${turnOf(`change ${id}`)} as mine
      ), told as (
        insert into told_change (xact, at, process, guild_id, user_id)
        select pg_current_xact_id()::text::bigint, ${POSTGRES_NOW}, ${process}::text, ${guildId}::text, ${userId}::text
        from turn
        returning xact
      )
      select ${notification(CHANGE, sql.ref('xact'), process, kind, id)} from told
    `.execute(db);
  };
}

/** Reads what NOTIFY brought of a change, without its topic; undefined if it cannot be understood. */
export function toldIn(message: string): ToldChange | undefined {
  const [xact = '', process = '', kind, id = ''] = message.split(' ');
  if (!/^\d+$/.test(xact) || id === '') return undefined;
  return { xact: Number(xact), process, subject: kind === 'person' ? { userId: id } : { guildId: id } };
}

/**
 * Reads the changes since an earlier call, which returned `until`; without `since`, only `until` is read. Changes of
 * that earlier call may come again. A transaction may have a lower number than one that ended before it, so the numbers
 * alone would not do: `until` is below every transaction that was still under way.
 */
export async function changesSince(
  db: Kysely<Tables>,
  since: number | undefined,
): Promise<{ readonly until: number; readonly changes: readonly ToldChange[] }> {
  const { rows } = await sql<{ until: number }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as until
  `.execute(db);
  const until = rows[0]?.until ?? 0;
  if (since === undefined) return { until, changes: [] };
  const told = await db.selectFrom('told_change').selectAll().where('xact', '>=', since).execute();
  const changes = told.map(({ xact, at, process, guild_id, user_id }) => ({
    xact,
    at,
    process,
    subject: user_id === '' ? { guildId: guild_id } : { userId: user_id },
  }));
  return { until, changes };
}

/** Deletes the changes that nobody looks for any more. */
export async function pruneChanges(db: Kysely<Tables>): Promise<void> {
  await sql`
    delete from told_change where at < ${POSTGRES_NOW} - ${TOLD_FOR_MS}::bigint
  `.execute(db);
}
