/** The tables as queries see them, on both databases. Ids are text, times epoch milliseconds. */
export interface Tables {
  /** `settings`: JSON of the settings that were set, by name; see `setting-values.ts`. */
  server: { guild_id: string; settings: string };
  /** `settings`: JSON of what the person has chosen. */
  person: { guild_id: string; user_id: string; settings: string };
  opt_out: { guild_id: string; user_id: string };
  /** `added_by`: user id; null: nobody knows, or they had everything of theirs deleted. */
  word: { guild_id: string; word: string; say: string; added_by: string | null };
  /** `day`: UTC, `2026-11-24`. */
  ledger: { day: string; guild_id: string; user_id: string; bytes: number; nano_usd: number };
  /** By the process's lease the batch of the ledger that was written last, so that none is written twice. */
  ledger_batch: { lease: string; batch: string };
  /** `audio_hash`: SHA-256 of the recording, in hexadecimal. */
  clone: {
    voice_id: string;
    guild_id: string;
    user_id: string;
    name: string;
    created_at: number;
    audio_hash: string;
    statement_version: number;
  };
  /** Voices that are gone here, and still to be deleted at Fish Audio. */
  doomed_voice: { voice_id: string };
  /** Where the bot is wanted in a server: a voice channel, and the text channel for what it has to say of itself. */
  stay: { guild_id: string; channel_id: string; notices_to: string };
  /** What must hold also when an older copy is restored; `kind` and `subject`: see `wishes.ts`. */
  wish: { number: number; at: number; kind: string; guild_id: string; subject: string };
  /** There only after an operator has restored a dump of PostgreSQL: see `postgres-wishes.ts`. */
  wish_kept: Tables['wish'];
  guild_left: { guild_id: string; left_at: number };
  /** Written to find out whether the database can be written again. */
  pulse: { id: number; at: number };
}
