import { cleanCharacters } from './characters.ts';
import { type Dictionary, NO_WORDS } from './dictionary.ts';
import { withLetters } from './emoji-letters.ts';
import { withoutFaces } from './faces.ts';
import type { Language } from './language.ts';
import { spokenLaughter } from './laughter.ts';
import { phrase } from './phrases.ts';
import { calm } from './repetition.ts';

// Says who speaks: makes a display name speakable, and puts it before a text.

/** The most UTF-16 units of a spoken name, which is Discord's own limit for display names. */
const NAME_MAX = 32;
/** Only this many UTF-16 units of a display name are read. Names are longer than they look: "👩‍👩‍👧‍👧" is 11 units. */
const WRITTEN_MAX = 200;

/** Emoji, with what colours them, makes flags of them and joins them to one picture. */
const PICTURES =
  /(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI}\ufe0f\u20e3\u{e0061}-\u{e007f}]|\u200d(?=\p{Extended_Pictographic}))+/gu;
/** Laughing and crying that people put behind their name: Korean letters without a syllable, a Japanese "w". */
const LAUGHTER = /[ㄱ-ㅣ]+|(?<=[\p{scx=Hira}\p{scx=Kana}\p{scx=Hani}])[wWｗＷ]+(?![\p{L}\p{N}])/gu;
/** Letters that people draw with around a name in plain letters. */
const DRAWN_LETTERS =
  /(?<=\p{sc=Latn}.*)[ツッシノ彡乂亗么ღஐᰔʚɞ\p{sc=Tibt}\p{sc=Cans}\p{sc=Yiii}]+$|^[ツッシノ彡乂亗么ღஐᰔʚɞ\p{sc=Tibt}\p{sc=Cans}\p{sc=Yiii}]+(?=.*\p{sc=Latn})/gu;
/** Text that may be normalised to NFKC. Thai and Lao are left out, since NFKC splits some of their vowels,
 * and Korean letters without a syllable, which it would change. */
const COMPATIBLE = /[^\p{scx=Thai}\p{scx=Laoo}ㄱ-ㅣ]+/gu;
const SCRIBBLE = /[\u0300-\u036f]{2,}/gu;
const BRACKETED =
  /\[[^\]]*\]|\([^)]*\)|\{[^}]*\}|<[^>]*>|【[^】]*】|「[^」]*」|『[^』]*』|〔[^〕]*〕|《[^》]*》/gu;
/** Separates the name from a remark about the person: "Ana | she/her", "Ana • away". */
const ASIDE = /\s*[|¦•⁃●]\s*|\s+[~·/–—-]+\s+/u;
const PRONOUNS =
  /(?<![\p{L}\p{N}])(?:she|he|they|it|xe|ze|any|ella|él|elle|il|iel|ela|ele|sie|er)(?:\s*\/\s*\p{L}+)+/giu;
/** A name such as "xX_Ana_Xx". Both letters must be on both sides, since there are names such as Xerxes. */
const CROSSED = /^xx[\s_.-]*(?=\p{L})(.*\p{L})[\s_.-]*xx$/iu;
/** Signs that do not belong in a name. Some signs do: "Anne-Marie O’Neil & J. R.", "ジャン・ポール". */
const FOREIGN = /[^\p{L}\p{N}\p{M}\s'’.&・·-]+|(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])/gu;
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu;
const SOUND = /[\p{L}\p{N}]/u;
const WORDY = /^[^()（）]*\p{L}\p{L}[^()（）]*$/u;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A display name as it is said: plain letters without decoration, tags and pronouns, at most 32 UTF-16 units, with the
 * words of the dictionary replaced. If nothing is left, it is "someone" in the given language.
 */
export function spokenName(
  displayName: string,
  language: Language = 'en',
  dictionary: Dictionary = NO_WORDS,
): string {
  const name = plainName(displayName);
  const said = dictionary.apply(name);
  return (said === name ? name : plainName(said) || name) || phrase(language, 'user');
}

/** A name as somebody wants it spoken, made speakable like a display name; empty if nothing of it can be said. */
export function wishedName(wish: string): string {
  return plainName(wish);
}

function plainName(displayName: string): string {
  const cleaned = cleanCharacters(displayName.slice(0, WRITTEN_MAX));
  // There are single characters that become eighteen, such as U+FDFA.
  const letters = withLetters(cleaned.slice(0, WRITTEN_MAX).toWellFormed());
  const faceless = withoutFaces(letters);
  // Some faces are names as well, such as "xD", but not those of signs.
  const written = (SOUND.test(faceless) || !WORDY.test(letters) ? faceless : letters).replaceAll(
    PICTURES,
    ' ',
  );
  let name = written.replaceAll(COMPATIBLE, part => part.normalize('NFKC')).replaceAll(SCRIBBLE, '');
  name = name.replaceAll(/\s+/gu, ' ').trim();
  name = unlessSilent(name, name.replaceAll(BRACKETED, ' '));
  name = unlessSilent(name, name.replaceAll(LAUGHTER, ' '));
  name = spokenLaughter(name, 'ko');
  name = unlessSilent(name, name.replaceAll(EDGES, '').replace(DRAWN_LETTERS, ''));
  name = unlessSilent(name, name.replaceAll(PRONOUNS, ' '));
  name = name.split(ASIDE).find(part => SOUND.test(part)) ?? name;
  name = name.replaceAll(EDGES, '').replace(CROSSED, '$1').replaceAll(FOREIGN, ' ').replaceAll(/\s+/gu, ' ');
  return atMost(NAME_MAX, calm(name.replaceAll(EDGES, ''))).replaceAll(EDGES, '');
}

/** A text after words that tell who says it, such as "Ana says". */
export function announced(name: string, text: string, language: Language): string {
  return phrase(language, 'said', { name, text });
}

/** The undecorated name; or the name itself if nothing that can be said would be left, as of "[TAG]". */
function unlessSilent(name: string, undecorated: string): string {
  return SOUND.test(undecorated) ? undecorated.trim() : name;
}

function atMost(length: number, text: string): string {
  if (text.length <= length) return text;
  return text.slice(0, GRAPHEMES.segment(text).containing(length)?.index ?? text.length);
}
