// How long the connection of a call waits for what. `phase.ts` has the deadlines of the steps of joining; `remedy.ts`
// has the pauses between re-joins.

/** All are in ms. Tests set some of these shorter before the first join. */
export const CALL_TIMINGS = {
  /** While there is no answer to the first discovery, it is sent again every so often. */
  discovery: 500,
  /** The pause before the first probe of the path, and between an answer and the next probe. */
  probe: 14_000,
  /** After so long without an answer a probe is sent again; three without an answer mean that the path is dead. */
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
  /** When people could hear the bot for so long without a break, its re-joins are counted from zero again. */
  stable: 30_000,
  /**
   * A link that is held waits so long to be released, and then re-joins by itself. On a large shard the last link is
   * released after minutes (`JoinPace`), and must not join before its turn.
   */
  hold: 600_000,
};
