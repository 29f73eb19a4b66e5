// Sorts what Discord has given an id to, such as messages, by its age. Discord's ids are numbers that grow with time,
// and too long for a number of JavaScript.

/** For `toSorted`: the older one comes first. */
export function olderFirst(one: { readonly id: string }, other: { readonly id: string }): number {
  return BigInt(one.id) < BigInt(other.id) ? -1 : 1;
}
