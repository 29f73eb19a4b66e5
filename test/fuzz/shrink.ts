/** Tries so often at most: each try runs what is tested once. */
const MOST_TRIES = 2_000;

/**
 * As few of the items as still fail, found by leaving out halves, then quarters, and so on down to single items.
 * (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input".) The order of the items stays.
 */
export function shrunk<T>(items: readonly T[], fails: (items: readonly T[]) => boolean): readonly T[] {
  let least = items;
  let tries = 0;
  let size = Math.ceil(items.length / 2);
  while (size >= 1) {
    let shorter = false;
    for (let at = 0; at < least.length && tries < MOST_TRIES; ) {
      const fewer = [...least.slice(0, at), ...least.slice(at + size)];
      tries += 1;
      if (fails(fewer)) {
        least = fewer;
        shorter = true;
      } else at += size;
    }
    if (size > 1) size = Math.floor(size / 2);
    else if (!shorter || tries >= MOST_TRIES) break;
  }
  return least;
}
