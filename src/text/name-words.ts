import { cleanCharacters } from './characters.ts';
import { isPronounceable } from './pronounceable.ts';

/** Discord's longest names, those of channels and roles, in UTF-16 code units. */
const MAX_NAME_LENGTH = 100;
/** What decorates names: emoji, brackets (which would be directions to the voice), rulers, signs of markup. */
const DECORATION =
  /(?:\ufe0f|\u20e3|[\p{RI}\p{Extended_Pictographic}\p{Emoji_Modifier}\u200d()[\]{}<>|*_~`"#@（）［］「」『』【】・•\u2500-\u25ff])+/gu;
const CAMEL_CASE = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu;

/** The words in the name of a thing, without decoration; undefined where there is none. */
export function nameWords(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const words = cleanCharacters(name.slice(0, MAX_NAME_LENGTH))
    .replace(DECORATION, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return isPronounceable(words) ? words : undefined;
}

/** The words in a name that has no spaces of its own, such as those of channels and custom emoji. */
export function joinedWords(name: string | undefined): string | undefined {
  return nameWords(name?.replaceAll('-', ' ').replace(CAMEL_CASE, ' '));
}
