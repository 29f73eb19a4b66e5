import { cleanCharacters } from './characters.ts';
import { isPronounceable } from './pronounceable.ts';

// Makes names of channels, roles, emoji, stickers and commands speakable.

/** Discord's longest names, those of channels and roles, have so many UTF-16 code units. */
const MAX_NAME_LENGTH = 100;
/** What decorates names: emoji, brackets (which would be emotion tags), lines, signs of markup. */
const DECORATION =
  /(?:\ufe0f|\u20e3|[\p{RI}\p{Extended_Pictographic}\p{Emoji_Modifier}\u200d()[\]{}<>|*_~`"#@（）［］「」『』【】・•\u2500-\u25ff])+/gu;
const CAMEL_CASE = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu;

/** The words of a name, without decoration; undefined if no word is left that can be said. */
export function nameWords(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const words = cleanCharacters(name.slice(0, MAX_NAME_LENGTH))
    .replace(DECORATION, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return isPronounceable(words) ? words : undefined;
}

/**
 * The words of a name that cannot have spaces, such as that of a channel or a custom emoji; undefined if none is left.
 */
export function joinedWords(name: string | undefined): string | undefined {
  return nameWords(name?.replaceAll('-', ' ').replace(CAMEL_CASE, ' '));
}
