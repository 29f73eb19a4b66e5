import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberTyped } from '../../../src/discord/panel/typed-number.ts';
import { amountIn, numberIn, unitNamesIn } from '../../../src/locale/numbers.ts';

/** Locales that write numbers in different ways, among them ones with digits of their own. */
const LOCALES = [
  'en-US',
  'de',
  'de-CH',
  'es-ES',
  'es-419',
  'fr',
  'ja',
  'ko',
  'pt-BR',
  'zh-CN',
  'hi',
  'ru',
  'pl',
  'sv-SE',
  'ar-EG',
  'fa',
  'bn',
  'th-u-nu-thai',
  'en-IN',
];

const whole = (text: string) => numberTyped(text, { whole: true });
const broken = (text: string) => numberTyped(text, { whole: false });

test.each([
  ['1,000,000', 1_000_000],
  ['1.000.000', 1_000_000],
  ['1 000 000', 1_000_000],
  ['1 000 000', 1_000_000],
  ['1’000’000', 1_000_000],
  ['1_000_000', 1_000_000],
  ['10,00,000', 1_000_000],
  ['1000000', 1_000_000],
  ['１，０００，０００', 1_000_000],
  ['１００万', 1_000_000],
  ['100만', 1_000_000],
  ['0.5億', 50_000_000],
  ['200 mil', 200_000],
  ['1,5k', 1_500],
  ['1.000', 1_000],
  ['1,000', 1_000],
  ['١٬٠٠٠', 1_000],
  [' +30 ', 30],
  ['1.000,00', 1_000],
  ['1,000.00', 1_000],
])('whole: %s', (text, value) => expect(whole(text)).toBe(value));

test.each([
  ['0,5', 0.5],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['０．５', 0.5],
  ['۰٫۵', 0.5],
  ['-3', -3],
  ['−3,5', -3.5],
  ['－３', -3],
  ['1,250', 1.25],
  ['80 %', 0.8],
  ['７０％', 0.7],
])('with decimals: %s', (text, value) => expect(broken(text)).toBe(value));

test.each([
  '',
  'forever',
  '1,2,3',
  '1..2',
  '5 6',
  '1.000,000,000.5',
  '0x10',
  '1e9',
  '--3',
  '12 apples',
  '3 4 5',
  'Infinity',
  '½',
])('no number: %s', text => {
  expect(whole(text)).toBeNull();
});

test('a unit may stand behind, as the reader’s language names it', () => {
  for (const locale of LOCALES) {
    const units = unitNamesIn(locale, 'second');
    for (const unitDisplay of ['long', 'short'] as const)
      expect(numberTyped(amountIn(locale, 45, 'second', unitDisplay), { whole: true, units }), locale).toBe(
        45,
      );
  }
});

describe.each(LOCALES)('as written in %s', locale => {
  test('whole numbers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        value => whole(numberIn(locale, value)) === value,
      ),
    );
  });

  test('numbers with decimals', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -99_900, max: 99_900 }),
        hundredths => broken(numberIn(locale, hundredths / 100)) === hundredths / 100 || hundredths === 0,
      ),
    );
  });
});

test('whatever is typed, it is a number or null, and says so quickly', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 4_000 }), fc.boolean(), (text, isWhole) => {
      const value = numberTyped(text, { whole: isWhole });
      return value === null || Number.isFinite(value);
    }),
  );
});
