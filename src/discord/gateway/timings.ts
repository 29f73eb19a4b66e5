/** How long the gateway may have trouble, in milliseconds. Tests shorten some of these before the bot starts. */
export const GATEWAY_TIMINGS = {
  /** When a shard that had been ready is away for this long, the process gives up. */
  lost: 300_000,
  /** When Discord has not answered a Resume within this time, the session is given up and a new one begins. */
  resume: 60_000,
  /** A peer that does not answer our closing of a connection within this time is not waited for. */
  close: 2_000,
  /** After a connection that was ready for this long, the next one begins without a pause. */
  stable: 30_000,
  /** The first pause before a new connection when connections do not last; it doubles up to `longestPause`. */
  pause: 1_000,
  longestPause: 60_000,
  /** A shard that is away for less than this, as for an ordinary resume, is not reported as unhealthy. */
  blip: 10_000,
};
