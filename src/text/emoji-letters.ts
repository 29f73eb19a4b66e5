// Emoji that are digits, letters or words: keycaps such as 1️⃣, regional indicators such as 🇦, and buttons such as 🆗.
// They are said as what they show, and not by the names that Unicode gave them.

/** The words that are written on buttons, arrows and blood types. */
const WRITTEN: Readonly<Record<string, string>> = {
  '🅰': 'A',
  '🅱': 'B',
  '🅾': 'O',
  '🆎': 'AB',
  '🅿': 'P',
  'Ⓜ': 'M',
  '🆑': 'CL',
  '🆒': 'cool',
  '🆓': 'free',
  '🆔': 'ID',
  '🆕': 'new',
  '🆖': 'NG',
  '🆗': 'OK',
  '🆘': 'SOS',
  '🆙': 'up',
  '🆚': 'vs',
  '🔙': 'back',
  '🔚': 'end',
  '🔛': 'on',
  '🔜': 'soon',
  '🔝': 'top',
  '🔟': '10',
};
const DRESS = /[\ufe0f\u20e3]/g;
const KEYCAPS = /^(?:[#*\d]\ufe0f?\u20e3|🔟)/u;
/** Several keycaps are one token, so that a number of several digits stays one. */
const KEYCAP_RUN = /(?:[#*\d]\ufe0f?\u20e3|🔟)+/uy;

const REGIONAL_INDICATOR_A = 0x1f1e6;
/**
 * Regional indicators, each with a space before it: people put it there so that two letters do not become a flag. Or
 * else a row of them without spaces. A word of them is hardly longer than 32, and a longer row is taken for flags.
 */
const REGIONAL_RUN = /\p{RI}(?: \p{RI}(?!\p{RI})){1,31}|\p{RI}{1,32}(?!\p{RI})/uy;
const ONLY_FLAGS = /^\p{RGI_Emoji_Flag_Sequence}+$/v;
const ANY_REGIONAL = /\p{RI}/u;
/** The UTF-16 units of the first and last regional indicator, and of 🔟. */
const HIGH = 0xd83c;
const [LOW_A, LOW_Z] = [0xdde6, 0xddff];
const TEN = [0xd83d, 0xdd1f];

function isRegional(text: string, at: number): boolean {
  const low = text.charCodeAt(at + 1);
  return text.charCodeAt(at) === HIGH && low >= LOW_A && low <= LOW_Z;
}

/** The keycaps, or the letters of regional indicators that are no flags, that begin at `at`; undefined if none do. */
export function letterEmojiAt(text: string, at: number): string | undefined {
  const code = text.charCodeAt(at);
  if (code < 0x80 || (code === TEN[0] && text.charCodeAt(at + 1) === TEN[1])) {
    KEYCAP_RUN.lastIndex = at;
    return KEYCAP_RUN.exec(text)?.[0];
  }
  if (!isRegional(text, at)) return undefined;
  // Inside a row it was decided at its beginning that they are flags.
  if (isRegional(text, at - 2)) return undefined;
  REGIONAL_RUN.lastIndex = at;
  const [letters] = REGIONAL_RUN.exec(text) ?? [];
  return letters === undefined || ONLY_FLAGS.test(letters) ? undefined : letters;
}

/** The digits, letters or word that an emoji shows; undefined if it shows a picture. */
export function lettersOf(emoji: string): string | undefined {
  if (KEYCAPS.test(emoji)) return emoji.replaceAll('🔟', '10').replace(DRESS, '');
  const word = WRITTEN[emoji.replace(DRESS, '')];
  if (word !== undefined) return word;
  if (!ANY_REGIONAL.test(emoji) || ONLY_FLAGS.test(emoji)) return undefined;
  return Array.from(emoji, regionalLetter).join('');
}

/** Whether an emoji is one or several keycaps. People number lists and choices with them. */
export function isKeycap(emoji: string): boolean {
  return KEYCAPS.test(emoji);
}

/** A text in which each emoji that shows digits, letters or a word is replaced by these. */
export function withLetters(text: string): string {
  return text.replaceAll(LETTER_EMOJI, emoji => lettersOf(emoji) ?? emoji);
}

const LETTER_EMOJI = new RegExp(
  `(?:[#*\\d]\\ufe0f?\\u20e3)+|\\p{RI}(?: \\p{RI}(?!\\p{RI}))+|\\p{RI}+|(?:${Object.keys(WRITTEN).join('|')})\\ufe0f?`,
  'gu',
);

function regionalLetter(char: string): string {
  const place = (char.codePointAt(0) ?? 0) - REGIONAL_INDICATOR_A;
  return place >= 0 && place < 26 ? String.fromCharCode(0x41 + place) : '';
}
