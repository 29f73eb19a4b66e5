import type { Place } from '../protocol.ts';

/** Who and what can be mentioned. */
export type Names = Pick<Place, 'people' | 'channels' | 'roles'>;

const SIGNS = /[.*+?^${}()|[\]\\]/gu;

/** What is written for a mention, and what Discord makes of it; longer names come first, as they may begin alike. */
function mentionsOf({ people, channels, roles }: Names): { written: string; token: string }[] {
  const all = [
    ...people.map(({ id, name }) => ({ written: `@${name}`, token: `<@${id}>` })),
    ...roles
      .filter(({ name }) => name !== '@everyone')
      .map(({ id, name }) => ({ written: `@${name}`, token: `<@&${id}>` })),
    ...channels.map(({ id, name }) => ({ written: `#${name}`, token: `<#${id}>` })),
  ];
  return all.toSorted((a, b) => b.written.length - a.written.length);
}

/** A text with "@Ben" and "#general" as Discord's clients send it: with ids in place of names. */
export function withIds(text: string, names: Names | null): string {
  const mentions = names ? mentionsOf(names) : [];
  if (mentions.length === 0) return text;
  const tokens = new Map(mentions.map(({ written, token }) => [written, token]));
  const either = mentions.map(({ written }) => written.replaceAll(SIGNS, String.raw`\$&`)).join('|');
  const mention = new RegExp(`(?<![\\p{L}\\p{N}_@#&<])(?:${either})(?![\\p{L}\\p{N}_])`, 'gu');
  return text.replaceAll(mention, written => tokens.get(written) ?? written);
}

/** The text as its author wrote it: with names in place of ids. */
export function withNames(text: string, names: Names | null): string {
  const mentions = names ? mentionsOf(names) : [];
  return mentions.reduce((now, { written, token }) => now.replaceAll(token, written), text);
}

/** The beginning of a mention at the end of what is typed, such as "@Be", and what it may become. */
export function suggestedMentions(
  typed: string,
  names: Names | null,
): { readonly before: string; readonly names: readonly string[] } | null {
  const [begun] = /(?<=^|\s)[@#][^\s@#]*$/u.exec(typed) ?? [];
  if (begun === undefined || !names) return null;
  const fits = mentionsOf(names).filter(({ written }) =>
    written.toLowerCase().startsWith(begun.toLowerCase()),
  );
  return { before: typed.slice(0, -begun.length), names: fits.map(({ written }) => written).toSorted() };
}
