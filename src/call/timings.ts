// How long the connection of a call waits for what. `phase.ts` has the deadlines of the steps of joining; `remedy.ts`
// has the pauses between re-joins.

/** All are in ms. Tests set some of these shorter before the first join. */
export const CALL_TIMINGS = {
  /** How often the first discovery is sent again while there is no answer. */
  discovery: 500,
  /** The pause before the first probe of the path, and between an answer and the next probe. */
  probe: 14_000,
  /** How long a probe waits for an answer before it is sent again; three without one mean that the path is dead. */
  probeAgain: 1_500,
  /** A dead path is left for a new connection at most once in this time. */
  deadPath: 120_000,
  /**
   * When the encryption group does not take the bot in, it re-joins after each of these pauses, and then leaves. With
   * the five seconds that each try takes, that is about ten minutes. People are told after the first of these re-joins.
   */
  unencrypted: [0, 2_000, 4_000, 8_000, 16_000, 32_000, ...Array<number>(7).fill(60_000)],
  /** A voice gateway that does not answer our close within this time is not waited for. */
  close: 2_000,
  /** When people could hear the bot for this long without a break, its re-joins are counted from zero again. */
  stable: 30_000,
  /**
   * How long a held link waits to be released before it re-joins by itself. On a large shard the last link is
   * released after minutes (`JoinPace`), and must not join before its turn.
   */
  hold: 600_000,
};
