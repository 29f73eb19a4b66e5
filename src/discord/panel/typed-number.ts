// Reads numbers as people type them, in whatever language: "1,000,000", "1.000.000", "1 000 000", "0,5", "１０万", "80 %".

/** Signs that stand only between groups of digits: spaces, apostrophes, the underscore and the Arabic group sign. */
const GROUPING = /[ '’_٬]/;
/** Words and signs behind a number that multiply it: those of East Asia, and `k` and `mil` for a thousand. */
const TIMES: ReadonlyMap<string, number> = new Map([
  ['k', 1e3],
  ['mil', 1e3],
  ['千', 1e3],
  ['천', 1e3],
  ['万', 1e4],
  ['萬', 1e4],
  ['만', 1e4],
  ['億', 1e8],
  ['亿', 1e8],
  ['억', 1e8],
  ['%', 0.01],
]);
/** The parts of what was typed: a sign, the digits with what stands between them, and what stands behind. */
const PARTS = /^([+−–-]?)\s*([\d.,٫ '’_٬]*\d)\s*([^\d,]*)$/u;

export interface NumberKind {
  /** Only whole numbers make sense, so that a point or a comma before three digits stands between groups of digits. */
  readonly whole: boolean;
  /** What may stand behind the number, because it is its unit, such as `seconds`. It changes nothing. */
  readonly units?: readonly string[];
}

/** The number that a text says; null when it says none, or more than one. */
export function numberTyped(text: string, { whole, units = [] }: NumberKind): number | null {
  const [, sign = '', digits = '', behind = ''] = PARTS.exec(plainDigits(text)) ?? [];
  const value = unsigned(digits, whole);
  if (value === null) return null;
  const unit = folded(behind);
  const times = unit === '' || units.some(known => folded(known) === unit) ? 1 : TIMES.get(unit);
  if (times === undefined) return null;
  // Twelve digits are enough for every setting; more would show how 0.07 × 100 is not quite 7.
  return Number(((sign !== '' && sign !== '+' ? -1 : 1) * value * times).toPrecision(12));
}

/** The text in plain characters: full-width ones become usual ones, and the digits of all scripts become 0 to 9. */
function plainDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '') // such as the marks of direction that Persian and Arabic put before a minus
    .replace(/[\u2009\u202f\u00a0]/gu, ' ')
    .replace(/\p{Nd}/gu, digit => String(digitValue(digit.codePointAt(0) ?? 0)))
    .trim();
}

/**
 * The value of a digit of any script. Unicode has the ten digits of a script in a row, from a code ending in 0 or 6.
 */
function digitValue(code: number): number {
  const low = code & 0xf;
  const startsAtZero = /\p{Nd}/u.test(String.fromCodePoint(code - low));
  return startsAtZero ? low : low - 6;
}

const folded = (unit: string) => unit.normalize('NFKC').trim().toLowerCase().replace(/\.$/, '');

/** The value of digits with signs between them; null when the signs stand where nobody would write them. */
function unsigned(digits: string, whole: boolean): number | null {
  const tokens = digits.split(/([.,٫]|[ '’_٬])/u);
  const parts = tokens.filter((_, index) => index % 2 === 0);
  const signs = tokens.filter((_, index) => index % 2 === 1);
  const isDecimal = endsInDecimals(parts, signs, whole);
  const decimals = isDecimal ? (parts.pop() ?? '') : '';
  if (isDecimal) signs.pop();
  if (decimals === '' && isDecimal) return null;
  if (new Set(signs).size > 1 || !areGroups(parts)) return null;
  const [first = ''] = parts;
  if (first === '' && (parts.length > 1 || decimals === '')) return null;
  return Number(`${parts.join('') || '0'}.${decimals || '0'}`);
}

/** Whether what follows the last sign are decimals, and not a group of digits. */
function endsInDecimals(parts: readonly string[], signs: readonly string[], whole: boolean): boolean {
  const last = signs.at(-1);
  if (last === undefined || GROUPING.test(last)) return false;
  if (last === '٫') return true;
  if (signs.length > 1) return signs.slice(0, -1).every(sign => sign !== last);
  const [before = '', after = ''] = parts;
  const mayBeGroup = /^[1-9]\d{0,2}$/.test(before) && after.length === 3;
  return !(whole && mayBeGroup);
}

/** Whether digits are grouped as people group them: by threes, or as in India by twos and a last three. */
function areGroups(parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return true;
  const isFirst = first.length >= 1 && first.length <= 3;
  const byThrees = rest.every(part => part.length === 3);
  const asInIndia = rest.at(-1)?.length === 3 && rest.slice(0, -1).every(part => part.length === 2);
  return isFirst && (byThrees || (asInIndia && first.length <= 2));
}
