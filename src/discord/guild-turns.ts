/**
 * Runs tasks one after another in each guild, so that a task which reads, changes and saves something is not overtaken
 * by another one in between. Tasks of different guilds do not wait for each other.
 */
export class GuildTurns {
  /** The last task of each guild, by guild id. An entry is removed when its task is done. */
  readonly #last = new Map<string, Promise<unknown>>();

  /**
   * Runs `task` as soon as all earlier tasks of the guild have ended, even if they failed. Resolves or rejects as
   * `task` does.
   */
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
