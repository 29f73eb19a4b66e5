// The counts of packets sent, late and missing, which `player.ts` keeps and `src/speech/tally.ts` passes on for the
// operator's metrics.

/** Counts of all players since the process began, as plain numbers, because each guild counts 50 times a second. */
export interface PacketCounts {
  /** Packets that people should have heard: one each 20 ms while a line is being heard. */
  due: number;
  /** How many of these were handed to the call. The others were not there yet, or the call could not take them. */
  sent: number;
  /** How many of those that were sent left more than 20 ms too late. */
  late: number;
}
