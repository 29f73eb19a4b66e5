/** People who came into a voice channel or left it within a few seconds, by user id, each with their display name. */
export class ArrivalBatch {
  readonly #joined = new Map<string, string>();
  readonly #left = new Map<string, string>();

  /** Notes that somebody has come. Whoever had left just before is back, and nothing is told of them. */
  joined(userId: string, name: string): void {
    if (!this.#left.delete(userId)) this.#joined.set(userId, name);
  }

  /** Notes that somebody has left. Whoever had come just before is gone again, and nothing is told of them. */
  left(userId: string, name: string): void {
    if (!this.#joined.delete(userId)) this.#left.set(userId, name);
  }

  /** Those who came and are still there, in the order in which they came. */
  get newcomers(): ReadonlyMap<string, string> {
    return this.#joined;
  }

  /** Those who left and are not back, in the order in which they left. */
  get leavers(): ReadonlyMap<string, string> {
    return this.#left;
  }
}
