/** Counts the sessions of the account, from `start` to their end. */
export class Slots {
  taken = 0;
  peak = 0;

  take(): void {
    this.taken += 1;
    this.peak = Math.max(this.peak, this.taken);
  }

  free(): void {
    this.taken -= 1;
  }
}
