import { UserError } from '../errors.ts';
import type { GuildRecord, Store } from '../store/store.ts';

/**
 * What is kept of a server, for those who are shown it, or change a part of it. Throws a UserError while the database
 * cannot be asked: nobody shall take the defaults for the server's own, and save them.
 */
export async function knownGuild(
  store: Pick<Store, 'guild' | 'problem'>,
  guildId: string,
): Promise<GuildRecord> {
  const record = await store.guild(guildId);
  if (!record.known) throw new UserError('database-away', { problem: store.problem ?? 'unreachable' });
  return record;
}

/**
 * Throws a UserError where somebody else's words may not be said at the caller's wish: their author has opted out, or
 * may have, as long as the database cannot be asked.
 */
export function checkAuthor(
  { known, optOuts }: Pick<GuildRecord, 'known' | 'optOuts'>,
  authorId: string,
  callerId: string,
): void {
  if (authorId === callerId) return;
  if (optOuts.has(authorId)) throw new UserError('author-opted-out');
  if (!known) throw new UserError('author-unknown');
}
