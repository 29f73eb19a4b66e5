// Drops signs that cannot be said: lines, boxes, bullets, arrows, marks of markup that are left over, ornaments. Signs
// that mean something beside a word or a number, as in "5 * 3", "C++", "#1" and "~8 %", stay.

/**
 * Stands for a short pause where a sign was, until the text becomes prose. It is no character that people can write.
 */
export const PAUSE = '\u001f';

/** Whether there may be anything to do. */
const SUSPICIOUS = /[^\p{L}\p{N}\s.,!?'"%;:、。！？「」-]|--|- -|\p{No}/u;

/**
 * What separates cells, steps and entries: bars of tables, arrows, bullets. A bar of a control token is not among it.
 */
const SEPARATORS =
  /(?<![<＜﹤]\s*)[|¦‖∣│┃║┆┇┊┋](?!\s*[>＞﹥])|[•◦‣⁃▪▫■□▢▣◾◽◆◇●○◎►▶▸▹➤➜➔➡→←↑↓↔⇒⇐⇔⟶⟵⇨⇦↦↳↪↗↘※†‡¶]|(?<=\p{L}{2} )[>›»](?= \p{L}{2})|[-=~]{1,3}>|<[-~]{1,3}(?!\s?\p{Nd})|<=+>/gu;
/** Lines that are drawn of one sign, perhaps with spaces between, or of several. */
const LINES = /([-‐‑‒–—―=*~])(?: *\1)+|([#+])\2+|[-‐‑‒–—―=*~#+]{3,}/gu;
/** Low lines join words, and backslashes parts of a path. An accent inside a word is an apostrophe, as in "it`s". */
const JOINERS = /(?<=\p{L})`(?=\p{L})|[\p{Pc}\\{}`]+/gu;
/** Signs that mean something only beside a word or a number. */
const DEPENDENT = /\*+|\^+|~+|〜|#+|@+|&+|\/+|\++|=+|[±×÷−∞√∑∏∫≈≠≤≥≒≡∂∆°·・‧∙⋅]+/gu;
const COMPARISON = /[<>]+=?/gu;
/** Marks that belong to no letter, what is left of an emoji, and the tails of shooting stars. */
const STRAY_MARKS = /(?<=[★☆✩✧])彡+|彡+(?=[★☆✩✧])|(?<![\p{L}\p{M}\p{N}])\p{M}+|[\ufe0e\ufe0f\u20e3]+/gu;
/** All other signs. Letters, numbers, money and the punctuation of living scripts are no signs. */
const SILENT =
  /[[\p{S}\p{Cf}\p{Co}\p{Cn}]--[\p{Sc}+<=>\|^~`±×÷−∞√∑∏∫≈≠≤≥≒≡∂∆°©®™℗♯♭\u200c\u200d]]|[\ua9c1\ua9c2\u0f04-\u0f0a\u0f3a-\u0f3d\u06de\u06e9\u10fb\u2016\u2017\u2042\u204e\u2051\u2053-\u205e\u2e3a-\u2e5d\u3030\u303d]/gv;

const DIGIT = /\p{Nd}/u;
const WORD = /[\p{L}\p{M}\p{N}]/u;
const LETTER = /\p{L}/u;
const AMOUNT = /[\p{Nd}\p{Sc}]/u;
const CLOSING = /[)）\]”"'%+\p{Sc}]/u;

/** The text without signs that cannot be said. Where one separates words, `PAUSE` stands instead. */
export function withoutSilentSigns(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text
    .replace(STRAY_MARKS, '')
    .replace(/・{2,}/gu, '…')
    .replace(SEPARATORS, PAUSE)
    .replace(LINES, (line, _sign, _other, at: number) => (isOperator(line, text, at) ? line : PAUSE))
    .replace(JOINERS, (sign, at: number, whole: string) =>
      sign === '`' && LETTER.test(whole.charAt(at - 1)) && LETTER.test(whole.charAt(at + 1)) ? "'" : ' ',
    )
    .replace(DEPENDENT, (sign, at: number, whole: string) => meaning(sign, at, whole))
    .replace(SILENT, ' ');
}

/**
 * The text without "<" and ">", but for those that compare. A "<" stays only before a number: before a word it could
 * begin a tag.
 */
export function withoutAngles(text: string): string {
  if (!/[<>]/.test(text)) return text;
  return text.replace(COMPARISON, (sign, at: number, whole: string) => {
    const { before, after, apartBefore, apartAfter } = neighbours(sign, at, whole);
    if (sign.length > 2) return ' ';
    if (sign.includes('<')) return /[\p{Nd}\p{Sc}-]/u.test(apartAfter) ? sign : ' ';
    const compares = before === ' ' && after === ' ' && WORD.test(apartBefore) && WORD.test(apartAfter);
    return compares || DIGIT.test(apartBefore) || DIGIT.test(apartAfter) ? sign : ' ';
  });
}

/** Whether a run of equal signs is one that programs and formulas have: "C++", "2**8". */
function isOperator(line: string, text: string, at: number): boolean {
  if (line === '++') return LETTER.test(text.charAt(at - 1));
  return line === '**' && DIGIT.test(text.charAt(at - 1)) && DIGIT.test(text.charAt(at + 2));
}

/**
 * The sign itself where its neighbours give it a meaning, and else what stands for it: nothing, a space, or a pause.
 */
function meaning(sign: string, at: number, whole: string): string {
  const { before, after, apartBefore, apartAfter } = neighbours(sign, at, whole);
  switch (sign.charAt(0)) {
    case '*':
      return /[\p{Nd}\p{Sc}%]/u.test(apartBefore) && /[\p{Nd}\p{Sc}(]/u.test(apartAfter) ? sign : '';
    case '^':
      return WORD.test(before) && /[\p{L}\p{N}(-]/u.test(after) ? sign : '';
    case '~':
      return /[\p{Nd}\p{Sc}]/u.test(apartAfter) ? '~' : '';
    case '〜':
      return WORD.test(before) || /[ー!！?？]/u.test(before) ? sign : '';
    case '#':
      return WORD.test(after) || (LETTER.test(before) && sign.length === 1) ? '#' : '';
    case '@':
      return WORD.test(apartAfter) ? '@' : ' ';
    case '&':
      return sign.length === 1 && (WORD.test(apartBefore) || WORD.test(apartAfter)) ? sign : ' ';
    case '/':
      if (sign.length > 1) return PAUSE;
      if (AMOUNT.test(apartBefore) && AMOUNT.test(apartAfter)) return sign;
      if (!WORD.test(after) && !/[\p{Sc}-]/u.test(after)) return before.trim() === '' ? PAUSE : ' ';
      return before.trim() === '' || WORD.test(before) || /[<＜﹤]/.test(before) || CLOSING.test(before)
        ? sign
        : ' ';
    case '+':
      return sign.length === 1 || WORD.test(before) ? sign : ' ';
    case '=':
      // In ">=", "<=" and "!=" it compares.
      if (sign.length > 1 || !(WORD.test(apartBefore) || CLOSING.test(apartBefore) || /[<>!]/.test(before)))
        return ' ';
      return WORD.test(apartAfter) || /[-"'(?\p{Sc}]/u.test(apartAfter) ? sign : ' ';
    case '°':
      return DIGIT.test(apartBefore) || (isNumero(at, whole) && DIGIT.test(apartAfter)) ? '°' : '';
    case '·':
    case '・':
    case '‧':
    case '∙':
    case '⋅':
      if (sign.length > 1) return ' ';
      if (DIGIT.test(before) && DIGIT.test(after)) return '·⋅∙'.includes(sign) ? sign : ' ';
      return LETTER.test(before) && LETTER.test(after) ? sign : ' ';
    default:
      return sign.length === 1 && (WORD.test(apartBefore) || WORD.test(apartAfter)) ? sign : ' ';
  }
}

/** Whether the sign at the place `at` is that of "n°", the French and Spanish word for "number". */
function isNumero(at: number, whole: string): boolean {
  return /n/i.test(whole.charAt(at - 1)) && !WORD.test(whole.charAt(at - 2));
}

/** The characters directly before and behind a sign, and those that are there when a space between is not counted. */
function neighbours(sign: string, at: number, whole: string) {
  const before = whole.charAt(at - 1);
  const after = whole.charAt(at + sign.length);
  return {
    before,
    after,
    apartBefore: before === ' ' ? whole.charAt(at - 2) : before,
    apartAfter: after === ' ' ? whole.charAt(at + sign.length + 1) : after,
  };
}
