import { sql } from 'kysely';

/** SQL of PostgreSQL's time in epoch milliseconds. All processes go by it, as their own clocks may differ. */
export const POSTGRES_NOW = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
