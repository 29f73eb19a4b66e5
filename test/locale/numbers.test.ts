import { describe, expect, test } from 'vitest';
import { translator, UI_LANGUAGES } from '../../src/locale/catalogue.ts';
import { durationsIn, moneyIn, numberIn, rangeIn } from '../../src/locale/numbers.ts';

describe.each([...UI_LANGUAGES, 'es-419', 'pt-BR', 'zh-TW', 'en-GB'])('in %s', locale => {
  test('a number below zero has a true minus sign, alone, in a range, in a text and in money', () => {
    const t = translator(locale);
    const written = [
      numberIn(locale, -10),
      rangeIn(locale, [-10, 10]),
      t('voice.is-volume', { volume: -10, from: '' }),
      t('voice.volume-bounds', { low: -10, high: 10 }),
      moneyIn(locale, -10),
    ];
    for (const text of written) {
      expect(text).toContain('−');
      expect(text).not.toMatch(/-/);
    }
    expect(numberIn(locale, 10)).toBe('10');
  });

  test('at a scale no two times look alike, and none looks like nothing, however small or large it is', () => {
    for (let top = 0.1; top < 1e6; top *= 1.4) {
      const times = durationsIn(
        locale,
        [0.25, 0.5, 0.75, 1].map(part => part * top),
      );
      expect(new Set([...times, ...durationsIn(locale, [0])]).size, `${top} s: ${times.join()}`).toBe(5);
    }
  });
});

test('the times of a scale have one unit, and no more digits than they need', () => {
  expect(durationsIn('en', [30, 60])).toEqual(['30 sec', '60 sec']);
  expect(durationsIn('en', [0.5, 1, 1.5, 2])).toEqual(['0.5 sec', '1 sec', '1.5 sec', '2 sec']);
  expect(durationsIn('en', [1_800, 3_600, 5_400])).toEqual(['0.5 hr', '1 hr', '1.5 hr']);
});

test('a range from a number to the same one is that number', () => {
  for (const locale of ['en-US', 'de', 'ja', 'ko']) {
    expect(rangeIn(locale, [1, 1])).toBe('1');
    expect(rangeIn(locale, [0.5, 0.5])).toBe(numberIn(locale, 0.5));
  }
});
