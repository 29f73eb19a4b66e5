import { cleanCharacters } from './characters.ts';
import { emojiIn, emojiName } from './emoji.ts';
import { withLetters } from './emoji-letters.ts';
import type { Language } from './language.ts';
import { isPronounceable } from './pronounceable.ts';
import { PAUSE, withoutSilentSigns } from './signs.ts';

// Makes names of channels, roles, emoji, stickers and commands speakable.

/** The UTF-16 code units of Discord's longest names, which are those of channels and roles. */
const MAX_NAME_LENGTH = 100;
/** What decorates names: emoji, brackets (which would be emotion tags), lines, signs of markup. */
const DECORATION =
  /(?:\ufe0f|\u20e3|[\p{RI}\p{Extended_Pictographic}\p{Emoji_Modifier}\u200d()[\]{}<>|*_~`"#@（）［］「」『』【】・•\u2500-\u25ff])+/gu;
const CAMEL_CASE = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu;

/** The words of a name, without decoration; undefined if no word is left that can be said. */
function nameWords(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const words = withoutSilentSigns(
    withLetters(cleanCharacters(name.slice(0, MAX_NAME_LENGTH))).replace(DECORATION, ' '),
  )
    .replaceAll(PAUSE, ' ')
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

/**
 * The words of a sticker's name. If it has none, they are the names of its emoji, each once, unless emoji are left out.
 * They are empty if there is nothing at all that can be said.
 */
export function stickerWords(
  name: string,
  { language, emoji }: { language: Language; emoji: 'name' | 'skip' },
): string {
  const words = nameWords(name);
  if (words !== undefined || emoji === 'skip') return words ?? '';
  const pictures = emojiIn(name.slice(0, MAX_NAME_LENGTH));
  return [...new Set(pictures.map(picture => emojiName(picture, language)))]
    .filter(word => word !== '')
    .join(' ');
}
