/** Does one thing after another in each server: who reads, changes and saves must not be overtaken in between. */
export class GuildTurns {
  /** The last of each server, until it is done. */
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does `task` when all before it in the server are done, however they ended; settles as it does. */
  async take<T>(guildId: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(guildId) ?? Promise.resolve();
    const turn = before.then(task, task);
    this.#last.set(guildId, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(guildId) === turn) this.#last.delete(guildId);
    }
  }
}
