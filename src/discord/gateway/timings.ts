/** How long the gateway may be in trouble, in ms. Tests make some of it shorter before the bot starts. */
export const GATEWAY_TIMINGS = {
  /** A shard that had been ready and has not been for so long is beyond the help of this process. */
  lost: 300_000,
  /** Discord answers a Resume within so long, or the session is given up. */
  resume: 60_000,
  /** A peer that does not answer our closing within so long is not waited for. */
  close: 2_000,
  /** A shard that has been ready for so long connects anew without a pause. */
  stable: 30_000,
  /** The first pause between connections that do not last; it doubles up to the last. */
  pause: 1_000,
  longestPause: 60_000,
  /** Away for less than this, as for an ordinary resume, is not told as a failure. */
  blip: 10_000,
};
