// Decides how the processes that share one Fish Audio key divide the sessions (slots) that the key allows. Change here
// who gets the next free slot. `slot-exchange.ts` asks for a plan and tells the processes of it.

/** A line of text that waits until it may use a slot, as each line that Fish Audio speaks takes up one. */
export interface WaitingLine {
  /** How many sessions its guild uses, or will use once the guild's waiting lines before this one have theirs. */
  readonly running: number;
  /** Since when the guild waits for its turn, in epoch milliseconds of PostgreSQL's clock. */
  readonly since: number;
}

/** One of the processes that share an account's slots (a party): what it has, and which of its lines wait. */
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
  /** The names of the processes that still have waiting lines for which no slot is free. */
  readonly lacking: readonly string[];
  /** Whether more slots are held than there are, as the limit has become lower. */
  readonly isOver: boolean;
  /**
   * How many unused slots a process may keep for its next lines. Null if it may keep all: a number is given only
   * when one process has no unused slot while another one has several.
   */
  readonly level: number | null;
}

/**
 * How many slots of an account a process may use while it cannot reach the others: its share of the `limit`, and one at
 * least. `fish/shared-slots.ts` keeps to it.
 */
export function safeShare(limit: number, processes: number): number {
  return Math.max(1, Math.floor(limit / processes));
}

/**
 * Divides the slots of an account, of which there are `limit`. Free ones go to the lines that wait, of whichever
 * process: first to the guild that uses the fewest sessions, and of guilds with equally few to the one that has waited
 * longest. Slots that are left then go to the processes with the fewest unused ones, so that their next lines need not
 * ask.
 */
export function planSlots(parties: readonly SlotParty[], limit: number): SlotPlan {
  const grants = new Map<string, number>();
  const grant = (process: string) => grants.set(process, (grants.get(process) ?? 0) + 1);
  let free = limit - parties.reduce((sum, { held }) => sum + held, 0);

  // First it has all lines that their own processes' unused slots cannot serve; then those that stay without a slot.
  const claims = parties
    .flatMap(party =>
      party.waiting
        .toSorted(byTurn)
        .slice(Math.max(0, party.held - party.used))
        .map(line => ({ ...line, process: party.process })),
    )
    .sort(byTurn);
  const served = claims.slice(0, Math.max(0, free));
  for (const { process } of served) grant(process);
  free -= served.length;
  const lacking = [...new Set(claims.slice(served.length).map(({ process }) => process))].sort();
  if (lacking.length > 0 || free < 0) return { grants, lacking, isOver: free < 0, level: null };

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
  return { grants, lacking, isOver: false, level: isUneven ? Math.ceil(all / spares.length) : null };
}

/**
 * Whether a process has to give back each slot that it does not use: others have lines that lack one, or there are
 * fewer slots than are held.
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
