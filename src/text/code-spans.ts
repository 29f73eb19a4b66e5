// Finds where code between backticks begins and ends, as Discord's clients understand it. `scan.ts` asks this of
// messages that are whole, and `markup-parts.ts` of texts that are still being written.

/** Runs of this many backticks and more count as equally long. */
export const FENCE = 3;
/** The beginning of a block of code, with the name of its language, up to the end of the line. */
const BLOCK = /```[\w+#.-]{0,20}[ \t]*\n/y;

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

/**
 * Whether the three backticks at the place `at` begin a block of code even if nothing closes it: they begin a line, or
 * only the name of a language follows in theirs. `before` is the character before the text.
 */
export function beginsBlock(text: string, at: number, before = '\n'): boolean {
  BLOCK.lastIndex = at;
  return (text.charAt(at - 1) || before) === '\n' || BLOCK.test(text);
}
