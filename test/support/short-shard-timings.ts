import { afterEach, beforeEach } from 'vitest';
import { SHARD_TIMINGS } from '../../src/shards/timings.ts';

/** The deadlines of the shards as the bot has them. */
export const REAL_TIMINGS = { ...SHARD_TIMINGS };
export const SHORT_TIMINGS = {
  look: 100,
  again: 30,
  check: 10,
  fence: 6_000,
  sure: 2_000,
  quiet: 8_000,
  turn: 500,
};

/** Makes the deadlines of the shards shorter in each test of a file. */
export function shortenShardTimings(): void {
  beforeEach(() => void Object.assign(SHARD_TIMINGS, SHORT_TIMINGS));
  afterEach(() => void Object.assign(SHARD_TIMINGS, REAL_TIMINGS));
}
