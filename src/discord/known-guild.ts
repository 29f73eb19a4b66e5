import { UserError } from '../errors.ts';
import type { GuildRecord, Store } from '../store/store.ts';

// Reads what the store keeps of a guild for those who must not guess: while the database cannot be asked, nothing is
// shown or saved, and nobody's words are said for another person.

/**
 * Returns what the store keeps of a guild, to show it to somebody or to change a part of it. Throws the UserError
 * `database-away` while the database cannot be asked: the record then holds only defaults, and nobody should take them
 * for the guild's own settings and save them.
 */
export async function knownGuild(
  store: Pick<Store, 'guild' | 'problem'>,
  guildId: string,
): Promise<GuildRecord> {
  const record = await store.guild(guildId);
  if (!record.known)
    throw new UserError('database-away', { problem: [`database.${store.problem ?? 'unreachable'}`] });
  return record;
}

/**
 * Throws a UserError when the caller may not have another person's words said: their author has opted out, or is
 * ignored by the moderators, or, while the database cannot be asked, may have opted out. Everybody may have their own
 * words said.
 */
export function checkAuthor(
  { known, optOuts, ignored }: Pick<GuildRecord, 'known' | 'optOuts' | 'ignored'>,
  authorId: string,
  callerId: string,
): void {
  if (authorId === callerId) return;
  if (optOuts.has(authorId)) throw new UserError('author-opted-out');
  if (ignored.has(authorId)) throw new UserError('why.ignored');
  if (!known) throw new UserError('author-unknown');
}
