import { Alignment, FASTEST, SLACK_PACKETS } from './alignment.ts';
import type { Traits } from './loudness.ts';
import type { Pause } from './pauses.ts';

// Helps `seam.ts` to join two sounds of the same words: it tells for each pause in the new sound how likely it is the
// one where the old sound was left.

/** An alignment that costs this much more than another is e (2.718…) times less likely. */
const COST_PER_E = 1.5;

/** What is known about where a place of the reference is in the sound. See `Alignment` for these words. */
interface Evidence {
  /**
   * `before[n]` is what it costs to align the first n packets of the sound with the part of the reference that comes
   * before the place.
   */
  readonly before: readonly number[];
  /** The part of the reference that comes after the place. */
  readonly rest: readonly Traits[];
  /** The sound, up to where the reference ends in it. */
  readonly sound: readonly Traits[];
}

/** Tells for each pause of the sound how likely the place is in it; the numbers add up to 1. It takes up to 5 ms. */
export function likelihoods(pauses: readonly Pause[], evidence: Evidence): number[] {
  const behind = costsBehind(evidence);
  const costs = pauses.map(({ from, to }) => {
    let least = Number.POSITIVE_INFINITY;
    for (let at = Math.floor(from); at <= Math.ceil(to); at++)
      least = Math.min(least, (evidence.before[at] ?? Infinity) + (behind.get(at) ?? Infinity));
    return least;
  });
  const best = Math.min(...costs);
  const weights = costs.map(cost => (cost === Infinity ? 0 : Math.exp((best - cost) / COST_PER_E)));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map(weight => (sum === 0 ? 0 : weight / sum));
}

/**
 * For each number of packets: what it costs to align the sound after them with `rest`. It is aligned from the end.
 */
function costsBehind({ rest, sound }: Evidence): Map<number, number> {
  const costs = new Map<number, number>();
  if (rest.length === 0) return costs.set(sound.length, 0);
  const backwards = new Alignment(rest.toReversed(), []);
  const first = Math.max(0, sound.length - FASTEST * (rest.length + SLACK_PACKETS));
  for (const [index, traits] of sound.slice(first).toReversed().entries()) {
    backwards.push(traits);
    costs.set(sound.length - 1 - index, backwards.costOf(rest.length));
  }
  return costs;
}
