// Knows how many sockets there were at most while one was being opened. Fish Audio's answer tells how many sessions
// were free, which may have been true as early as the request was sent: `limit.ts` compares it with the most sockets
// since then.

export class SocketPeaks {
  /** One entry for each socket that is being opened. */
  readonly #underWay = new Set<{ peak: number }>();

  /**
   * Runs `open`, and resolves with what it has opened and with the largest number of sockets since it began. `count`
   * tells how many there are now, with those that are being opened. Rejects as `open` does.
   */
  async during<T>(count: () => number, open: () => Promise<T>): Promise<{ opened: T; peak: number }> {
    const own = { peak: 0 };
    this.#underWay.add(own);
    // The number grows only when an attempt begins, so that is when all attempts under way take note of it.
    const now = count();
    for (const each of this.#underWay) each.peak = Math.max(each.peak, now);
    try {
      const opened = await open();
      return { opened, peak: own.peak };
    } finally {
      this.#underWay.delete(own);
    }
  }
}
