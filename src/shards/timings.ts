// How long processes that share shards (connections to Discord) wait for each other, and how often they look. Two of
// them must never speak in the same server, so read the conditions before you change a number.

/**
 * How processes share shards, in milliseconds.
 *
 * `fence` has to be shorter than `quiet`, with enough between them for a process to fall silent: it falls silent at the
 * latest `fence` after PostgreSQL last answered it, and nobody speaks in its place before `quiet` after the lock was
 * seen to be free, which was later.
 */
export const SHARD_TIMINGS = {
  /** How often each process looks who holds what, if nobody wakes it before. */
  look: 1_000,
  /** The pause before PostgreSQL is tried again. */
  again: 250,
  /** How often it is checked whether the fence has been reached. */
  check: 100,
  /**
   * A process that PostgreSQL has not answered for this long gives up its shards. Ten seconds of that must go
   * unnoticed.
   */
  fence: 16_000,
  /**
   * How long a lock that its process has lost is left alone: if that process is alive, it has it again by then. It is
   * also the time that Discord wants between two Identify messages, the last of which the lost process may have sent.
   */
  sure: 5_000,
  /** This long after a lock was seen to be lost, its former process has certainly fallen silent. */
  quiet: 18_000,
  /** How long a turn in Discord's queue is kept: five seconds, and what two messages may differ on their ways. */
  turn: 5_500,
};
