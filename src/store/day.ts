const DAY_MS = 86_400_000;

/** The UTC day of `at` (epoch milliseconds), or of so many days before: `2026-11-24`. */
export function dayOf(at: number, daysBefore = 0): string {
  return new Date(at - daysBefore * DAY_MS).toISOString().slice(0, 'yyyy-mm-dd'.length);
}
