/** Fancy letters and digits that NFKC (UAX #15) turns into the plain ones. */
const COSTUMED =
  /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9\u2102\u210a-\u2113\u2115\u2119-\u211d\u2124\u2128\u212c\u212d\u212f-\u2134\u2145-\u2149\u{1d400}-\u{1d7ff}\u{1f130}-\u{1f149}]/gu;

/** Small letters above the line. Digits are not among them, since "x²" is said as it is written. */
const RAISED = /[\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d6a\u1d78\u1d9b-\u1dbf\u2071\u207f]/gu;

/** Small capitals, which are letters of phonetic alphabets, in alphabetical order. There is none for x. */
const SMALL_CAPITALS = 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ';
const SMALL_CAPITAL = new RegExp(`(?!x)[${SMALL_CAPITALS}]`, 'gu');
const A = 0x41;

/** White letters on black, which NFKC does not change. Those of the second row that are emoji are not among them. */
const NEGATIVE = /[\u{1f150}-\u{1f169}\u{1f172}-\u{1f17d}\u{1f180}-\u{1f189}]/gu;
const NEGATIVE_ROWS = [0x1f170, 0x1f150];

/** The text with fancy letters, such as 𝕗𝕒𝕟𝕔𝕪 or ᴏɴᴇs, replaced by plain ones. */
export function plainLetters(text: string): string {
  return text
    .replace(COSTUMED, letter => letter.normalize('NFKC'))
    .replace(RAISED, letter => letter.normalize('NFKC'))
    .replace(SMALL_CAPITAL, letter => String.fromCharCode(A + SMALL_CAPITALS.indexOf(letter)))
    .replace(NEGATIVE, letter => {
      const code = letter.codePointAt(0) ?? 0;
      const row = NEGATIVE_ROWS.find(row => code >= row) ?? code;
      return String.fromCharCode(A + code - row);
    });
}
