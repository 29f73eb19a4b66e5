/** Drops the oldest entries of a map, by when their keys came, until it has at most so many. */
export function keepNewest<K>(map: Map<K, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
