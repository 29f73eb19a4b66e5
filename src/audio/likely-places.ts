import { Alignment } from './alignment.ts';
import type { Traits } from './loudness.ts';
import type { Pause } from './pauses.ts';

/** Where one alignment costs so much more than another, it is e times less likely. */
const COST_PER_E = 1.5;
/** A rendition is at most twice as fast as another, and may be silent for so many packets more; see `Alignment`. */
const FASTEST = 2;
const SLACK_PACKETS = 60;

/** What is known of where a place of the reference is in the sound. */
interface Evidence {
  /** By how many packets of the sound come before the place: what it costs to align those with the reference before it. */
  readonly before: readonly number[];
  /** The reference from the place on. */
  readonly rest: readonly Traits[];
  /** The sound, up to where the reference ends in it. */
  readonly sound: readonly Traits[];
}

/** How likely it is that the place lies in each of these pauses of the sound: shares of 1. Takes up to 5 ms. */
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

/** What it costs to align the rest of the reference with the sound behind so many packets of it. */
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
