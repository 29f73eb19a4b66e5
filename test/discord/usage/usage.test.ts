import { describe, expect, test } from 'vitest';
import { byPerson, pictureOf, type UsageQuestion, usageOf } from '../../../src/discord/usage/usage.ts';
import { canDraw, usageSvg } from '../../../src/discord/usage/usage-chart.ts';
import { translator, UI_LANGUAGES } from '../../../src/locale/catalogue.ts';
import type { LedgerRow } from '../../../src/store/ledger/ledger.ts';

const NOON = Date.UTC(2026, 10, 28, 12);
const DAY_MS = 86_400_000;
const NAMES: Record<string, string> = {
  '1': 'Ana',
  '2': 'B & <C>',
  '3': '🦜',
  '4': 'ユイ',
  '5': 'Özgür',
  '6': 'Zoë',
};

/** So many bytes of each of seven people on each day, most of the first. */
function rowsOf(days: number, bytes: number): LedgerRow[] {
  return Array.from({ length: days }, (_, day) =>
    ['1', '2', '3', '4', '5', '6', '0'].map((userId, index) => ({
      day: new Date(NOON - day * DAY_MS).toISOString().slice(0, 10),
      userId,
      bytes: bytes * (7 - index),
      nanoUsd: bytes * (7 - index) * 15_000,
    })),
  ).flat();
}

function asked(more: Partial<UsageQuestion> = {}): UsageQuestion {
  return {
    guildId: 'g',
    userId: '1',
    all: true,
    days: 7,
    dayCap: 200_000,
    nameOf: id => NAMES[id],
    now: NOON,
    ...more,
  };
}

function svgOf(rows: LedgerRow[], question: UsageQuestion, locale: string): string {
  const t = translator(locale);
  return usageSvg(pictureOf(rows, question.all ? byPerson(rows) : [], question, t));
}

/** All texts of the picture, in their order. */
function textsIn(svg: string): string[] {
  return Array.from(svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g), ([, text = '']) =>
    text.replace(/[\u00a0\u2009\u202f]/gu, ' '),
  ).filter(Boolean);
}

describe.each([...UI_LANGUAGES, 'es-419', 'pt-BR', 'zh-TW'])('in %s', locale => {
  test('the picture has no text that its fonts cannot draw', () => {
    for (const days of [1, 7, 90])
      for (const bytes of [1, 700, 60_000])
        for (const all of [true, false]) {
          const texts = textsIn(svgOf(rowsOf(days, bytes), asked({ days, all }), locale));
          expect(texts.filter(text => !canDraw(text))).toEqual([]);
        }
  });
});

test('no two labels of a scale are alike, however little or much was said', () => {
  for (let bytes = 1; bytes < 2_000_000; bytes = Math.ceil(bytes * 1.2)) {
    const day = new Date(NOON).toISOString().slice(0, 10);
    const svg = svgOf([{ day, userId: '1', bytes, nanoUsd: 0 }], asked({ dayCap: 1e9 }), 'en-US');
    const texts = textsIn(svg);
    const times = texts.filter(text => text.startsWith('≈'));
    const numbers = texts.filter(text => /^[\d,.]+$/u.test(text));
    expect([times.length, new Set(times).size], times.join()).toEqual([4, 4]);
    expect([numbers.length, new Set(numbers).size], numbers.join()).toEqual([5, 5]);
    expect(Number(numbers.at(-1)?.replaceAll(',', ''))).toBeGreaterThanOrEqual(bytes);
  }
});

test('it says what it is about, when, how much in which unit, what it cost, who, today and the cap', () => {
  const texts = textsIn(svgOf(rowsOf(7, 1_000), asked(), 'en-US'));
  expect(texts).toEqual(
    expect.arrayContaining([
      'What I said in this server, by day',
      expect.stringMatching(/^Nov 22 – 28, 2026 \(UTC\) · 196,000 bytes ≈ 3\.6 hr · \$2\.94$/u) as string,
      'bytes',
      '20,000',
      'Nov 22',
      'today',
      '$0.42',
      '1. Ana',
      '2. B &amp; &lt;C&gt;',
      '3.',
      'all others',
    ]),
  );
  expect(texts.some(text => text.endsWith('cap of a day: 200,000 bytes'))).toBe(true);
  expect(textsIn(svgOf(rowsOf(7, 1_000), asked(), 'de'))).toContain('22. Nov.');
  expect(textsIn(svgOf(rowsOf(7, 1_000), asked(), 'ja'))).toContain('11月22日');
});

test('the cap is a line where it fits beside the bars, and else it is named above them', () => {
  expect(svgOf(rowsOf(7, 1_000), asked({ dayCap: 40_000 }), 'en-US')).toContain('stroke-dasharray');
  const high = svgOf(rowsOf(7, 1_000), asked(), 'en-US');
  expect(high).not.toContain('stroke-dasharray');
  expect(textsIn(high)).toContain('↑ cap of a day: 200,000 bytes');
  expect(textsIn(svgOf(rowsOf(7, 1_000), asked({ all: false }), 'en-US')).join()).not.toContain('cap');
});

test('the text names people by the numbers of the picture, with money and numbers as the reader writes them', async () => {
  const rows = rowsOf(7, 1_000);
  const ledger = { guildDays: () => Promise.resolve(rows), personDays: () => Promise.resolve([]) };
  const answer = await usageOf(ledger, asked(), translator('de'));
  if (typeof answer === 'string' || !('files' in answer)) throw new Error('there is no picture');
  expect(answer.text.replace(/[\u00a0\u202f]/gu, ' ')).toMatch(/196\.000 Byte ≈ 3,6 Std\. · 2,94 \$/);
  expect(answer.text).toContain('Heute: 28.000 von 200.000');
  expect(answer.text).toContain('3. <@3> · 35.000');
  expect(answer.files[0]?.bytes.subarray(1, 4).toString()).toBe('PNG');
  const free = rows.map(row => ({ ...row, nanoUsd: 0 }));
  expect(svgOf(free, asked(), 'en-US')).not.toContain('$');
});
