// Writes numbers, amounts and days as people of a locale do. `locale` is the `locale` of a translator.

/** Amounts of money below this have at most two significant digits, since `$0.00` would say nothing. In US dollars. */
const SMALL_USD = 0.1;

/** The units of amounts that Intl knows the words of. */
type Unit = 'byte' | 'second' | 'minute' | 'hour';

/**
 * Writes numbers as people of a locale do, with a true minus sign and with a dash in ranges: in many locales, Intl
 * writes a hyphen for one or the other, so that they look alike.
 */
export class NumberWriter extends Intl.NumberFormat {
  override format(value: number | bigint): string {
    return withTrueSigns(this.formatToParts(value));
  }

  override formatRange(low: number | bigint, high: number | bigint): string {
    return withTrueSigns(this.formatRangeToParts(low, high));
  }
}

function withTrueSigns(parts: readonly { readonly type: string; readonly value: string }[]): string {
  const written = parts.map(({ type, value }) => {
    if (type === 'minusSign') return value.replace('-', '−');
    return type === 'literal' && value.trim() === '-' ? value.replace('-', '–') : value;
  });
  return written.join('');
}

/** A number with at most `digits` digits behind its decimal sign, such as `1,000` or `0,5`. */
export function numberIn(locale: string, value: number, digits = 2): string {
  return new NumberWriter(locale, { maximumFractionDigits: digits }).format(value);
}

/** A number with its unit, such as `45 seconds`, `1.000 Byte` or `45 秒`. */
export function amountIn(
  locale: string,
  value: number,
  unit: Unit,
  unitDisplay: 'long' | 'short' = 'long',
): string {
  const digits = value < 10 && unit === 'hour' ? 1 : 0;
  return new NumberWriter(locale, {
    style: 'unit',
    unit,
    unitDisplay,
    maximumFractionDigits: digits,
  }).format(value);
}

/** The numbers from `low` to `high`, such as `0.5–2`; a single number where the two are the same. */
export function rangeIn(locale: string, [low, high]: readonly [number, number]): string {
  if (low === high) return numberIn(locale, low); // Intl would write "~1".
  return new NumberWriter(locale, { maximumFractionDigits: 2 }).formatRange(low, high);
}

/** The words and signs for a unit in the language of a locale, such as `seconds`, `sec` and `s`. */
export function unitNamesIn(locale: string, unit: Unit): readonly string[] {
  const names = [1, 2, 5].flatMap(value =>
    (['long', 'short', 'narrow'] as const).flatMap(unitDisplay =>
      new NumberWriter(locale, { style: 'unit', unit, unitDisplay })
        .formatToParts(value)
        .flatMap(part => (part.type === 'unit' ? part.value : [])),
    ),
  );
  return [...new Set(names)];
}

/** The name of a unit in the language of a locale, for many, such as `seconds`. */
export function unitNameIn(locale: string, unit: Unit): string {
  const parts = new NumberWriter(locale, { style: 'unit', unit, unitDisplay: 'long' }).formatToParts(50);
  return parts.find(part => part.type === 'unit')?.value ?? unit;
}

/** About how long something takes, in the largest unit that fits, such as `40 sec`, `12 min` or `3.7 hr`. */
export function durationIn(locale: string, seconds: number): string {
  if (seconds < 90) return amountIn(locale, Math.max(1, Math.round(seconds)), 'second', 'short');
  if (seconds < 90 * 60) return amountIn(locale, Math.round(seconds / 60), 'minute', 'short');
  return amountIn(locale, seconds / 3_600, 'hour', 'short');
}

/**
 * About how long each of some things takes, all in the unit that fits the longest and with so many digits that no two
 * different ones look alike, nor like nothing. They are in seconds, and in the order in which they grow.
 */
export function durationsIn(locale: string, seconds: readonly number[]): readonly string[] {
  const longest = seconds.at(-1) ?? 0;
  const [unit, size] =
    longest < 90
      ? (['second', 1] as const)
      : longest < 90 * 60
        ? (['minute', 60] as const)
        : (['hour', 3_600] as const);
  const withDigits = (digits: number) => {
    const writer = new NumberWriter(locale, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    });
    return [0, ...seconds].map(value => writer.format(value / size));
  };
  const all = [0, 1, 2].map(withDigits);
  const clear = all.find(labels => new Set(labels).size === labels.length) ?? all.at(-1);
  return clear?.slice(1) ?? [];
}

/** An amount of money in US dollars, such as `$3.00`, `3,00 $` or `$0.015`. */
export function moneyIn(locale: string, usd: number): string {
  const small = usd > 0 && usd < SMALL_USD;
  return new NumberWriter(locale, {
    style: 'currency',
    currency: 'USD',
    ...(small && { minimumSignificantDigits: 1, maximumSignificantDigits: 2 }),
  }).format(usd);
}

/** A day, given as milliseconds since 1970, in UTC: such as `Nov 28`, `28. Nov.` or `11月28日`. */
export function dayIn(locale: string, time: number): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(time);
}

/** The days from the first to the last, in UTC, with their year: such as `Nov 22 – 28, 2026`. */
export function daysIn(locale: string, first: number, last: number): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return format.formatRange(first, last);
}
