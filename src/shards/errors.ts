import type { ShardGroup } from '../store/processes/shard-session.ts';

// The error with which a process ends because other processes of the same bot already have its shards (connections to
// Discord), or divide them in another way; and its words for the operator.

/**
 * Another process of the same bot keeps this one from its shards. `message` is one line that tells the operator what to
 * do.
 */
export class ShardsHeldError extends Error {
  override readonly name = 'ShardsHeldError';
  /** EX_TEMPFAIL of sysexits.h. */
  readonly exitCode = 75;
}

/** The shards `shards` are held by another process. */
export function heldError(shards: readonly number[]): ShardsHeldError {
  const which = shards.length === 1 ? `shard ${shards[0]}` : `shards ${shards.join(', ')}`;
  return new ShardsHeldError(
    `Another Parrotfish with the same token and database has ${which}: stop that one first, or set SHARDS to others.`,
  );
}

/** The processes that are there have other shards in mind than this one. */
export function mixedError(present: ShardGroup, wanted: ShardGroup): ShardsHeldError {
  if (present.count === 0)
    return new ShardsHeldError(
      'Another Parrotfish of version 1.0.0 with the same token works with this database: stop that one first.',
    );
  const words = ({ count, isShared }: ShardGroup) =>
    isShared ? `SHARDS=shared/${count}` : `${count} fixed shards`;
  return new ShardsHeldError(
    `Another Parrotfish with the same token and database works with ${words(present)}, and this one would with ${words(wanted)}: stop that one first, or set SHARDS alike.`,
  );
}
