// Reads the operator's variable SHARDS: which of the bot's shards (connections to Discord, each with a part of the
// servers) this process has, such as `auto`, `0-3/16` or `shared`.

/** The most shards that a bot may have here. The largest bots of Discord have a few thousand. */
export const MAX_SHARDS = 16_384;

/**
 * Which shards this process has, as the operator has set it in `SHARDS`:
 *
 * - `all`: all shards
 * - `range`: the shards from `first` to `last`, both included
 * - `shared`: the part that the processes of one database agree on
 *
 * `count` is how many shards the bot has in all its processes together; null means as many as Discord recommends.
 */
export type ShardPlan =
  | { readonly kind: 'all'; readonly count: number | null }
  | { readonly kind: 'range'; readonly first: number; readonly last: number; readonly count: number }
  | { readonly kind: 'shared'; readonly count: number | null };

const DIGITS = '([0-9]{1,5})';
const COUNT = new RegExp(`^${DIGITS}$`);
const RANGE = new RegExp(`^${DIGITS}-${DIGITS}/${DIGITS}$`);
const SHARED = new RegExp(`^shared(?:/${DIGITS})?$`);

/** Reads a value of `SHARDS`, such as `auto`, `16`, `0-3/16`, `shared` or `shared/16`. Null where it has no meaning. */
export function parseShardPlan(text: string): ShardPlan | null {
  if (text === 'auto') return { kind: 'all', count: null };
  const all = COUNT.exec(text);
  if (all) return isCount(Number(all[1])) ? { kind: 'all', count: Number(all[1]) } : null;
  const shared = SHARED.exec(text);
  if (shared) {
    const count = shared[1] === undefined ? null : Number(shared[1]);
    return count === null || isCount(count) ? { kind: 'shared', count } : null;
  }
  const [first, last, count] = (RANGE.exec(text) ?? []).slice(1).map(Number);
  if (first === undefined || last === undefined || count === undefined) return null;
  return isCount(count) && first <= last && last < count ? { kind: 'range', first, last, count } : null;
}

function isCount(count: number): boolean {
  return count >= 1 && count <= MAX_SHARDS;
}

/** The shards that a plan names and their count in all processes; null when Discord says how many there are. */
export function idsOf(plan: ShardPlan): { readonly ids: readonly number[]; readonly count: number } | null {
  const { count } = plan;
  if (count === null) return null;
  return { ids: plan.kind === 'range' ? numbers(plan.first, plan.last) : numbers(0, count - 1), count };
}

/** The numbers from `first` to `last`, both included. */
export function numbers(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
