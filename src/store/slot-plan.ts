/** A line that waits for a slot. */
export interface WaitingLine {
  /** How many sessions its guild has, with those of the guild's lines that come before this one. */
  readonly running: number;
  /** Since when the guild waits for its turn, in epoch milliseconds of PostgreSQL's clock. */
  readonly since: number;
}

/** What one process has of an account's slots, and wants. */
export interface SlotParty {
  readonly process: string;
  /** The slots that are this process's, used or not. */
  readonly held: number;
  /** How many of them it uses. */
  readonly used: number;
  readonly waiting: readonly WaitingLine[];
}

export interface SlotPlan {
  /** How many slots more each process gets, by its name; those that get none are missing. */
  readonly grants: ReadonlyMap<string, number>;
  /** The processes that have lines for which there is no slot. */
  readonly lacking: readonly string[];
  /** Whether more slots are held than there are, as the limit has become lower. */
  readonly isOver: boolean;
  /** If a process has no slot to spare and others have several: how many each may keep to spare. Else null. */
  readonly level: number | null;
}

/**
 * Divides the slots of an account. Those that nobody holds go to the lines that wait, of whichever process: first to the
 * guild that has the fewest sessions, and of those with equally few to the one that has waited longest. What is left then
 * goes to the processes that have the fewest to spare, so that their next lines need not ask.
 */
export function planSlots(parties: readonly SlotParty[], limit: number): SlotPlan {
  const grants = new Map<string, number>();
  const grant = (process: string) => grants.set(process, (grants.get(process) ?? 0) + 1);
  let free = limit - parties.reduce((sum, { held }) => sum + held, 0);

  const lacking = parties
    .flatMap(party =>
      party.waiting
        .toSorted(byTurn)
        .slice(Math.max(0, party.held - party.used))
        .map(line => ({ ...line, process: party.process })),
    )
    .sort(byTurn);
  const served = lacking.splice(0, Math.max(0, free));
  for (const { process } of served) grant(process);
  free -= served.length;
  const without = [...new Set(lacking.map(({ process }) => process))].sort();
  if (without.length > 0 || free < 0) return { grants, lacking: without, isOver: free < 0, level: null };

  const spares = parties.map(({ process, held, used, waiting }) => ({
    process,
    spare: Math.max(0, held - used - waiting.length),
  }));
  for (; free > 0 && spares.length > 0; free -= 1) {
    const fewest = spares.reduce((least, each) => (each.spare < least.spare ? each : least));
    fewest.spare += 1;
    grant(fewest.process);
  }
  const all = spares.reduce((sum, { spare }) => sum + spare, 0);
  const isUneven = spares.some(({ spare }) => spare === 0) && spares.some(({ spare }) => spare > 1);
  return { grants, lacking: [], isOver: false, level: isUneven ? Math.ceil(all / spares.length) : null };
}

/**
 * Whether a process has to give back each slot that it does not use: others have lines that lack one, or there are fewer
 * slots than are held.
 */
export function isWantedFrom(
  process: string,
  { lacking, isOver }: Pick<SlotPlan, 'lacking' | 'isOver'>,
): boolean {
  return isOver || lacking.some(other => other !== process);
}

function byTurn(a: WaitingLine, b: WaitingLine): number {
  return a.running - b.running || a.since - b.since;
}
