// The facts of which the store keeps at most one for each guild: where the bot is wanted, which status it has given to
// a voice channel, and how far chat was read. `kept-by-guild.ts` keeps them.

/** People want the bot in a voice channel of a guild, until they send it away. */
export interface Stay {
  readonly guildId: string;
  /** The id of the voice channel. */
  readonly channelId: string;
  /** The id of the text channel in which the bot tells people about itself. */
  readonly noticesTo: string;
}

/** The bot has given a voice channel a status that says what it reads. */
export interface ShownStatus {
  readonly guildId: string;
  /** The id of the voice channel. */
  readonly channelId: string;
  /** What the bot has set. */
  readonly ours: string;
  /** What the status was before, to be put back; null if there was none. */
  readonly was: string | null;
}

/**
 * Up to which message the chat of a guild was read, for the process that has the guild next. It holds ids of messages,
 * and nothing of what was written or by whom.
 */
export interface ReadMark {
  readonly guildId: string;
  /** The id of the newest message that has arrived; `0` if none has. */
  readonly newest: string;
  /**
   * The ids of those messages that have arrived and were left to the next process, which is to say them. Null until the
   * process gives the guild up; after it was killed, nobody knows which of the last ones people have heard.
   */
  readonly leftOpen: readonly string[] | null;
}

/** Facts of which each guild has at most one. They outlive the process. */
export interface Kept<Fact> {
  /** The facts of these guilds. Rejects with StoreError. */
  of(guildIds: readonly string[]): Promise<readonly Fact[]>;
  /** Sets the fact of its guild. It holds from now on, and is saved when the database can take it. */
  remember(fact: Fact): void;
  /** Ends the fact of a guild. That holds from now on, and is saved when the database can take it. */
  forget(guildId: string): void;
}
