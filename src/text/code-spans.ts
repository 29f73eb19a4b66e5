// Finds where code between backticks ends. `scan.ts` asks, when it meets a backtick in a message.

/** Runs of this many backticks and more count as equally long. */
const FENCE = 3;

/**
 * For each run of backticks that may begin code, by the place at which the run begins: the place at which that code
 * ends. That is behind the next run of the same length, or, for three backticks and more, the next of three and more.
 */
export function codeSpans(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  if (!text.includes('`')) return ends;
  /** The end of the nearest run to the right, by the length of the run. */
  const nearest = new Map<number, number>();
  for (const run of [...text.matchAll(/`+/g)].toReversed()) {
    const length = Math.min(run[0].length, FENCE);
    const end = nearest.get(length);
    if (end !== undefined) ends.set(run.index, end);
    nearest.set(length, run.index + run[0].length);
  }
  return ends;
}
