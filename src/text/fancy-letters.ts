// People decorate names with letters that only look like letters, such as "𝓐𝓷𝓪". They become plain letters here; digits
// in circles and the like are in `fancy-numbers.ts`.

/** Characters that NFKC (UAX #15) turns into the letters, digits and signs that they show. */
const COSTUMED =
  /[\u2080-\u2089\u2100-\u2103\u2109\u2116\u2121\uff03-\uff06\uff0b\uff0d\uff0f-\uff19\uff1d\uff20-\uff3a\uff3c\uff41-\uff5a\uffe0-\uffe2\uffe5\uffe6\ufe50-\ufe6b\ufb00-\ufdf9\ufdfa-\ufdfc\ufe70-\ufefc\u2102\u210a-\u2113\u2115\u2119-\u211d\u2124\u2128\u212c\u212d\u212f-\u2134\u2145-\u2149\u24b6-\u24e9\u3200-\u3247\u3260-\u32b0\u32c0-\u33ff\u{1d400}-\u{1d7ff}\u{1f130}-\u{1f149}]\ufe0f?/gu;
/**
 * Kana, marks and Hangul of half the usual width. A run is turned at once, since its voicing marks follow its letters.
 */
const HALF_WIDTH = /[\uff61-\uff9f\uffa1-\uffdc]+/gu;
/** Signs of a clock, a price or a number that are as wide as the digits around them. */
const WIDE_IN_NUMBER = /(?<=[0-9\uff10-\uff19])[\uff0c\uff0e\uff1a](?=[0-9\uff10-\uff19])/gu;

/** Small letters above the line. Digits are not among them, since "x²" is said as it is written. */
const RAISED = /[\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf\u2071\u207f]/gu;

/** Small capitals, which are letters of phonetic alphabets, in alphabetical order. There is none for x. */
const SMALL_CAPITALS = 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ';
const SMALL_CAPITAL = new RegExp(`(?!x)[${SMALL_CAPITALS}]`, 'gu');
const A = 0x41;

/** White letters on black, which NFKC does not change. Those of the second row that are emoji are not among them. */
const NEGATIVE = /[\u{1f150}-\u{1f169}\u{1f172}-\u{1f17d}\u{1f180}-\u{1f189}]/gu;
const NEGATIVE_ROWS = [0x1f170, 0x1f150];

/** Emoji that are only a mark of punctuation, with or without the sign that makes them a picture. */
const MARKS_AS_EMOJI = /[\u203c\u2047-\u2049\u2753-\u2755\u2757]\ufe0f?/gu;
const MARK_OF: Readonly<Record<string, string>> = {
  '‼': '!!',
  '⁇': '??',
  '⁈': '?!',
  '⁉': '!?',
  '❓': '?',
  '❔': '?',
  '❕': '!',
  '❗': '!',
};

/** Signs that people type for an apostrophe: phones write a curly one, and some keyboards an accent. */
const APOSTROPHES = /(?<=\p{L})[\u2019\u2018\u02bc\u00b4\u2032\uff07](?=\p{L})/gu;

/** What Japanese people write for a word that they do not say, as in "○○さん". */
const BLANKED: readonly (readonly [RegExp, string])[] = [
  [/[○◯]{2,3}|(?<![〇一二三四五六七八九十])〇{2,3}(?![〇一二三四五六七八九十年])/gu, 'まるまる'],
  [/[△▲]{2,3}/gu, 'さんかくさんかく'],
  [/(?<!\p{N})[×✕]{2,3}(?!\p{N})/gu, 'ばつばつ'],
];
const KANA = /[\p{scx=Hira}\p{scx=Kana}]/u;

/** The text with fancy letters, such as 𝕗𝕒𝕟𝕔𝕪 or ᴏɴᴇs, and half-width ones replaced by plain ones. */
export function plainLetters(text: string): string {
  const plain = text
    .replace(HALF_WIDTH, letters => letters.normalize('NFKC'))
    .replace(WIDE_IN_NUMBER, sign => sign.normalize('NFKC'))
    .replace(COSTUMED, letter => letter.replace('\ufe0f', '').normalize('NFKC'))
    .replace(RAISED, letter => letter.normalize('NFKC'))
    .replace(SMALL_CAPITAL, letter => String.fromCharCode(A + SMALL_CAPITALS.indexOf(letter)))
    .replace(NEGATIVE, letter => {
      const code = letter.codePointAt(0) ?? 0;
      const row = NEGATIVE_ROWS.find(row => code >= row) ?? code;
      return String.fromCharCode(A + code - row);
    })
    .replace(MARKS_AS_EMOJI, mark => MARK_OF[mark.charAt(0)] ?? mark)
    .replace(APOSTROPHES, "'")
    .replaceAll('～', '〜');
  return KANA.test(plain) ? BLANKED.reduce((rest, [signs, word]) => rest.replace(signs, word), plain) : plain;
}
