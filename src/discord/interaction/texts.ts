import { escapeMarkdown } from 'discord.js';

/** So many ids are listed; a list in a file may be long. */
const MAX_LISTED = 5;

/** Ids as they stand in a text; of many the first. Empty for none. */
export function listed(ids: readonly string[]): string {
  const more = ids.length > MAX_LISTED ? ' …' : '';
  return (
    ids
      .slice(0, MAX_LISTED)
      .map(id => `\`${id}\``)
      .join(', ') + more
  );
}

/** Text of people's making, shown as they wrote it: no formatting, mentions or links come alive. */
export function plain(text: string): string {
  return escapeMarkdown(text.replace(/\s+/gu, ' '), { heading: true, bulletedList: true, maskedLink: true });
}
