// Names the UTC day of a time, by which spending is counted and limited.

const DAY_MS = 86_400_000;

/** The UTC day of the time `at` (epoch milliseconds), written as `2026-11-24`; with `daysBefore`, an earlier day. */
export function dayOf(at: number, daysBefore = 0): string {
  return new Date(at - daysBefore * DAY_MS).toISOString().slice(0, 'yyyy-mm-dd'.length);
}
