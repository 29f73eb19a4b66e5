import { expect, test } from 'vitest';
import { shownLine } from '../../../src/discord/interaction/queue-text.ts';
import { translator } from '../../../src/locale/catalogue.ts';

const t = translator('en-US');

test.each([
  ['a family, which is joined of four people', '👨‍👩‍👧‍👦'],
  ['a flag, which is made of two letters', '🇫🇷'],
  ['a letter with an accent of its own', 'e\u0301'],
])('%s is shown whole or not at all where a line is cut', (_, sign) => {
  for (let before = 70; before <= 80; before++) {
    const text = `${'a'.repeat(before)}${sign}${'b'.repeat(20)}`;
    const shown = shownLine({ name: 'Ana', text }, true, t);
    const whole = before + sign.length <= 79;
    expect(shown).toContain(whole ? `a${sign}` : 'a…');
    expect(shown.replace(sign, '')).toMatch(/^\*\*Ana\*\*: a+b*…$/);
  }
});

test('whoever is not in the voice channel sees only whose the line is', () => {
  expect(shownLine({ name: 'Ana', text: 'hello' }, false, t)).toBe('**Ana**');
});
