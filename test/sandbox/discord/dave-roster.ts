/** Who sits at which leaf of an MLS tree, kept as RFC 9420 section 7.7 says: a new member takes the leftmost blank. */
export class Roster {
  readonly #leaves: (string | null)[];

  constructor(leaves: readonly (string | null)[] = []) {
    this.#leaves = [...leaves];
  }

  get userIds(): string[] {
    return this.#leaves.filter(user => user !== null);
  }

  has(userId: string): boolean {
    return this.#leaves.includes(userId);
  }

  /** The leaf index of a member, or -1. */
  leafOf(userId: string): number {
    return this.#leaves.indexOf(userId);
  }

  /** The roster after a commit: removals come before additions (RFC 9420 section 12.3). */
  after(removed: readonly number[], added: readonly string[]): Roster {
    const leaves = this.#leaves.map((user, leaf) => (removed.includes(leaf) ? null : user));
    for (const user of added) {
      const blank = leaves.indexOf(null);
      if (blank === -1) leaves.push(user);
      else leaves[blank] = user;
    }
    return new Roster(leaves);
  }
}
