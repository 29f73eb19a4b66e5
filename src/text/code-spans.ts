const FENCE = 3;

/**
 * Where code ends that begins with the run of backticks at a place: the next run of the same length, for three and
 * more the next of three and more. By the place where the opening run begins.
 */
export function codeSpans(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  if (!text.includes('`')) return ends;
  /** The end of the nearest run to the right, by its length. */
  const nearest = new Map<number, number>();
  for (const run of [...text.matchAll(/`+/g)].toReversed()) {
    const length = Math.min(run[0].length, FENCE);
    const end = nearest.get(length);
    if (end !== undefined) ends.set(run.index, end);
    nearest.set(length, run.index + run[0].length);
  }
  return ends;
}
