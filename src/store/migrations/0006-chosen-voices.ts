import type { Kysely } from 'kysely';

// One step by which an older database is brought up to date (see `database/migrate.ts`): it renames a setting of
// people.

/** The table of what people have chosen, as it was when this migration was written. */
interface Tables {
  person: { guild_id: string; user_id: string; settings: string };
}

/**
 * Renames what was called `favourites` to `chosen` in everybody's settings: the voices that somebody chose last. The
 * favourites are from now on those that people mark themselves. Settings that cannot be read stay as they are.
 */
export async function chosenVoices(db: Kysely<unknown>): Promise<void> {
  const tables = db as Kysely<Tables>;
  const rows = await tables
    .selectFrom('person')
    .selectAll()
    .where('settings', 'like', '%"favourites"%')
    .execute();
  for (const { guild_id, user_id, settings } of rows) {
    const renamed = renamedIn(settings);
    if (renamed === undefined) continue;
    await tables
      .updateTable('person')
      .set({ settings: renamed })
      .where('guild_id', '=', guild_id)
      .where('user_id', '=', user_id)
      .execute();
  }
}

function renamedIn(settings: string): string | undefined {
  try {
    const { favourites, ...others } = JSON.parse(settings) as Record<string, unknown>;
    return JSON.stringify({ ...others, chosen: favourites });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
