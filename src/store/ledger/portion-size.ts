// Decides how much of the day's money a process may spend ahead without asking (its portion), where several processes
// share one budget. Only the arithmetic is here; `day-portion.ts` asks for portions and gives them back.

/** Who has what of the day's money, seen from one process; all amounts are in 10⁻⁹ US dollars. */
export interface Purse {
  /** What all processes together may spend on the day. */
  readonly cap: number;
  /** What has been spent, as far as the database has it. */
  readonly spent: number;
  /** What other processes may still spend, as they hold portions of the day. */
  readonly othersOpen: number;
  /** What this process may still spend, and what it has spent that the database does not have yet. */
  readonly ownOpen: number;
  /** What this process may still spend beside what its lines hold. A negative number is what its lines lack. */
  readonly free: number;
  /** How many processes there are, with this one. */
  readonly processes: number;
}

/** A process holds ahead only this part of its fair share of what is left, so that money is left for others too. */
const SHARE = 1 / 4;
/** Less than this part of the cap is not granted ahead: so near the cap, each line asks for itself. */
const SMALLEST = 1 / 500;

/**
 * By how much the portion of a process changes. It gets what its lines lack, and something ahead, if enough is left.
 * If it holds much more than it would be granted now, it gives the rest back, and with `generous` all that is free.
 */
export function portionChange(purse: Purse, { generous = false } = {}): number {
  const { cap, spent, othersOpen, ownOpen, free, processes } = purse;
  const left = cap - spent - othersOpen - ownOpen;
  const lacking = Math.max(0, -free);
  const share = Math.floor(((left + free) * SHARE) / processes);
  const ahead = !generous && share >= cap * SMALLEST ? share : 0;
  if (free > 2 * ahead) return ahead - free;
  return Math.max(0, Math.min(left, Math.max(lacking, ahead - free)));
}
