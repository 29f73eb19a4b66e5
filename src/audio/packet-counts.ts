/** Counts the packets of speech of all players, since the process began. Plain numbers, because it is done 50 times a second. */
export interface PacketCounts {
  /** Packets that people should have heard: one each 20 ms while a line is being heard. */
  due: number;
  /** How many of these were handed to the call. The others were not there yet, or the call could not take them. */
  sent: number;
  /** How many of those that were sent left more than 20 ms too late. */
  late: number;
}
