import { escapeMarkdown } from 'discord.js';

// Makes parts of the texts of answers: other people's words so that Discord shows them as they are, a text as code, and
// a list of ids. Times and numbers in the reader's language are written by `src/locale/numbers.ts`.

/** The most ids that are listed in one text, because a file can hold a long list of them. */
const MAX_LISTED = 5;

/** Returns a few ids as one text, with "…" when there are more than five. The text is empty when there are no ids. */
export function listed(ids: readonly string[]): string {
  const more = ids.length > MAX_LISTED ? ' …' : '';
  return (
    ids
      .slice(0, MAX_LISTED)
      .map(id => `\`${id}\``)
      .join(', ') + more
  );
}

/**
 * Escapes a text that people wrote, so that Discord shows its characters as they are and not as formatting or named
 * links. Line breaks become spaces.
 */
export function plain(text: string): string {
  const escaped = escapeMarkdown(text.replace(/\s+/gu, ' '), { heading: true, bulletedList: true });
  // The library would escape only the first link of a line, and its time would grow with the cube of the length.
  return escaped.includes('](') ? escaped.replaceAll('[', '\\[') : escaped;
}

/**
 * Returns the beginning of a text, with at most `max` UTF-16 units and without half a surrogate pair at its end:
 * Discord takes no message and no form that has such a half anywhere. Unlike `shortened`, it adds no "…".
 */
export function beginningOf(text: string, max: number): string {
  return withoutHalf(text.slice(0, max));
}

/** Returns a text without the half of a surrogate pair at its end, where it was cut or is still being written. */
export function withoutHalf(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}

/** Returns a text as Discord shows code, whatever is in it. */
export function inCode(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
