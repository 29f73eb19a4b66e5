// The tables of the database and their columns, for the queries of the store. Whoever changes a table also adds a
// migration, which brings existing databases up to date: see `migrate.ts`.

/** The tables as queries see them, the same on both databases. Ids are text; times are epoch milliseconds. */
export interface Tables {
  /**
   * Guilds that have set something. `settings` is JSON of what they have set, by name (see `guilds/setting-values.ts`).
   */
  server: { guild_id: string; settings: string };
  /** People who have chosen something in a guild. `settings` is JSON of what they have chosen, by name. */
  person: { guild_id: string; user_id: string; settings: string };
  /** People whose chat is not read in a guild, because they have asked for that. */
  opt_out: { guild_id: string; user_id: string };
  /** People who have asked that their chat is read in a guild; nobody is here and in `opt_out`. */
  opt_in: { guild_id: string; user_id: string };
  /** People whose chat is not read in a guild, because its moderators do not want it. */
  ignored: { guild_id: string; user_id: string };
  /** The entries of dictionaries. `added_by` is a user id; null when nobody knows it, or that person was deleted. */
  word: { guild_id: string; word: string; say: string; added_by: string | null };
  /** The last import of settings in a guild, for a day: when it was, and JSON by which it can be undone. */
  last_import: { guild_id: string; at: number; undo: string };
  /**
   * What was spent. `day` is a UTC day such as `2026-11-24`; `nano_usd` are billionths of a US dollar. Of the lines
   * that were said from memory it has the number, and the bytes that were not sent.
   */
  ledger: {
    day: string;
    guild_id: string;
    user_id: string;
    bytes: number;
    nano_usd: number;
    cached_lines: number;
    cached_bytes: number;
  };
  /**
   * The batch of ledger rows that was written last, so that no batch is written twice: for each lease, or with
   * PostgreSQL for each process.
   */
  ledger_batch: { lease: string; batch: string };
  /** The voices that were made of people's own recordings. `audio_hash` is the recording's SHA-256 in hexadecimal. */
  clone: {
    voice_id: string;
    guild_id: string;
    user_id: string;
    name: string;
    created_at: number;
    audio_hash: string;
    statement_version: number;
  };
  /** The voices that were deleted here and are still to be deleted at Fish Audio. */
  doomed_voice: { voice_id: string };
  /** The voice channel in which people want the bot, and the text channel in which it tells them about itself. */
  stay: { guild_id: string; channel_id: string; notices_to: string };
  /** The guilds that were welcomed when they invited the bot, and when. */
  welcome: { guild_id: string; at: number };
  /** The statuses that the bot has given to voice channels (`ours`), and what they were before (null for none). */
  shown_status: { guild_id: string; channel_id: string; ours: string; was: string | null };
  /**
   * Up to which message the chat of a guild was read (`newest`), and which of them its process left to the next one
   * (`left_open`, ids with spaces between them). That is null until the process has given the guild up.
   */
  read_mark: { guild_id: string; newest: string; left_open: string | null };
  /** Opt-outs and deletions, which must hold even after an older copy was restored (see `people/wishes.ts`). */
  wish: { number: number; at: number; kind: string; guild_id: string; subject: string };
  /** This table is there only after an operator has restored a dump of PostgreSQL (see `postgres/wishes.ts`). */
  wish_kept: Tables['wish'];
  /**
   * What the processes of one PostgreSQL database changed within the last hour or two (see
   * `processes/told-changes.ts`): something of a guild, or all of a person; the other id is empty. `xact` is the number
   * of the transaction.
   */
  told_change: { xact: number; at: number; process: string; guild_id: string; user_id: string };
  /**
   * What each process may spend on a UTC day, and what it has spent of it, in billionths of a US dollar, where several
   * use one PostgreSQL database (see `ledger/portion-rows.ts`). It counts until the time `until`.
   */
  portion: { day: string; process: string; granted: number; spent: number; until: number };
  /**
   * The accounts at Fish Audio whose slots processes share: what is known of the limit, and who wants slots
   * that are not there, both as JSON. `account` is a hash of the key.
   */
  fish_account: { account: string; limit_known: string; wanted: string };
  /**
   * The slots that each process has of an account, how many it uses, and its lines that wait (JSON). `connection` is
   * the name of the connection by which it heard the others when it wrote this, and `safe` how many slots it may use
   * while it cannot reach them; both are null if an older version wrote the row.
   */
  fish_party: {
    account: string;
    process: string;
    connection: string | null;
    safe: number | null;
    held: number;
    used: number;
    waiting: string;
    missed_at: number | null;
  };
  /** The guilds that the bot was removed from, and when. */
  guild_left: { guild_id: string; left_at: number };
  /**
   * The shards that processes hold, by a hash of the bot's token. A process that gives a shard back removes the row, so
   * a row without a lock tells that its process ended, or lost PostgreSQL, without having given the shard back.
   */
  shard_hold: { bot: string; shard: number; holder: string };
  /** One row, which is written to find out whether the database can be written. */
  pulse: { id: number; at: number };
}

/** The tables that are lists of people: a person is on a guild's list if there is a row with the two. */
export type PeopleTable = 'opt_out' | 'opt_in' | 'ignored';
