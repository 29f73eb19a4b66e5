/** How long the connection of a call waits for what, in ms. Tests set some of these shorter before the first join. */
export const CALL_TIMINGS = {
  /** While there is no answer to the first discovery, it is sent again every so often. */
  discovery: 500,
  /** The pause between an answer and the next probe of the path. */
  probe: 14_000,
  /** After so long without an answer a probe is sent again; three without an answer mean that the path is dead. */
  probeAgain: 1_500,
  /** A dead path is left for a new connection at most once in this time. */
  deadPath: 120_000,
  /** A voice gateway that does not answer our close within this time is not waited for. */
  close: 2_000,
};
