/** Waits of the watch over voice connections, in ms. Tests make some of them shorter before they are used. */
export const CALL_TIMINGS = {
  /** The first discovery datagram is sent again, while there is no answer, each so many ms. */
  discovery: 500,
  /** After an answer, the path is probed anew in this time. */
  probe: 14_000,
  /** A probe is sent again after so long without an answer; so many in a row mean that the path is dead. */
  probeAgain: 1_500,
  /** A path that was found dead is left for a new connection at most once in so long. */
  deadPath: 120_000,
  /** A voice server that does not answer our closing within so long is not waited for. */
  close: 2_000,
};
