import { expect, test } from 'vitest';
import { quoted, shown, shownWhole } from '../../../src/discord/ask/answer-text.ts';
import { UserError } from '../../../src/errors.ts';
import { translator } from '../../../src/locale/catalogue.ts';

const t = translator('en-US');
const HEAD = quoted('Why?');

test('the question stands above the answer, as it was typed, in one line, and not too long', () => {
  expect(HEAD).toBe('> Why?\n');
  expect(quoted(' # Two\n> *lines* ')).toBe('> \\# Two > \\*lines\\*\n');
  expect(quoted('discord.gg/abc')).not.toContain('discord.gg');
  expect(quoted('é'.repeat(2_000)).length).toBeLessThan(310);
});

test('with the longest question and answer it is one message, with what stands behind the answer', () => {
  const head = quoted('*'.repeat(2_000));
  expect(shown(head, 'x'.repeat(3_000))).toHaveLength(2_000);
  const stopped = shownWhole(head, { text: 'x'.repeat(3_000), stopped: true, problem: null }, t);
  expect(stopped).toMatch(/x… \(stopped\)$/);
  expect(stopped).toHaveLength(2_000);
});

test('an answer that is not whole says so; without one there is only the reason', () => {
  const problem = new UserError('model.cut');
  expect(shownWhole(HEAD, { text: 'It is', stopped: false, problem }, t)).toMatch(
    /^> Why\?\nIt is\n-# The language/,
  );
  expect(shownWhole(HEAD, { text: '', stopped: true, problem: null }, t)).toBe('> Why?\n(stopped)');
  expect(() => shownWhole(HEAD, { text: ' ', stopped: false, problem }, t)).toThrow(problem);
});
