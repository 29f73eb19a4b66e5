import type { ShardView } from '../store/processes/shard-session.ts';

// Decides how many shards (connections to Discord, each with a part of the servers) a process should give back or take,
// so that all processes have about equally many. `shared-shards.ts` does it.

export interface ShareStep {
  /** How many of its shards it should give back. */
  readonly give: number;
  /** How many more shards it may take. */
  readonly take: number;
}

/**
 * Decides for this process, from who holds which of `count` shards. It is fair when no process has two or more shards
 * more than another one. All processes decide by the same facts, so that together they come to fair shares in a few
 * steps, and then change nothing more.
 */
export function shareStep({ me, members, held }: ShardView, count: number): ShareStep {
  const mine = me === null ? undefined : members.get(me);
  if (me === null || mine === undefined) return { give: 0, take: 0 };
  const elsewhere = [...held.values()].filter(({ byMember }) => !byMember).length;
  const shared = count - elsewhere;
  const least = Math.floor(shared / members.size);
  const most = Math.ceil(shared / members.size);
  const free = count - held.size;
  /** How many shards the others lack until each has the least that is fair. */
  const lacking = [...members]
    .filter(([id]) => id !== me)
    .reduce((sum, [, shards]) => sum + Math.max(0, least - shards), 0);
  if (mine < least) return { give: 0, take: Math.min(free, most - mine) };
  if (mine > most) return { give: mine - most, take: 0 };
  if (mine === least) return { give: 0, take: Math.min(most - mine, Math.max(0, free - lacking)) };
  // This process has one shard more than the least. Of all such processes, the first ones (by number) give one back, as
  // many as it takes for those that have too few.
  const place = [...members]
    .filter(([, shards]) => shards === mine)
    .map(([id]) => id)
    .toSorted((one, other) => one - other)
    .indexOf(me);
  return { give: place < lacking - free ? 1 : 0, take: 0 };
}
