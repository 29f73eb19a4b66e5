import { type Expression, type RawBuilder, sql } from 'kysely';

// How the processes that use one PostgreSQL database tell each other something (NOTIFY). `listener.ts` hears it.

/** The one channel of NOTIFY. The first word of a message is its topic. */
export const CHANNEL = 'parrotfish';

/** SQL that sends a message to all processes, also to this one, when its transaction has succeeded. */
export function notification(
  topic: string,
  ...words: readonly (string | Expression<unknown>)[]
): RawBuilder<unknown> {
  const all = [topic, ...words].map(word => (typeof word === 'string' ? sql`${word}::text` : word));
  return sql`pg_notify(${CHANNEL}::text, concat_ws(' ', ${sql.join(all)}))`;
}
