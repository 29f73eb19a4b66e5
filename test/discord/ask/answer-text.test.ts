import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoted, shown, shownWhole } from '../../../src/discord/ask/answer-text.ts';
import { UserError } from '../../../src/errors.ts';
import { translator } from '../../../src/locale/catalogue.ts';
import { codeSpans } from '../../../src/text/code-spans.ts';
import { scan } from '../../../src/text/scan.ts';

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
  const stopped = shownWhole(
    head,
    { text: 'x'.repeat(3_000), stopped: true, problem: null, leftOut: false },
    t,
  );
  expect(stopped).toMatch(/x… \(stopped\)$/);
  expect(stopped).toHaveLength(2_000);
});

test('an answer that is not whole says so; without one there is only the reason', () => {
  const problem = new UserError('model.cut');
  expect(shownWhole(HEAD, { text: 'It is', stopped: false, problem, leftOut: false }, t)).toMatch(
    /^> Why\?\nIt is\n-# The language/,
  );
  expect(shownWhole(HEAD, { text: '', stopped: true, problem: null, leftOut: false }, t)).toBe(
    '> Why?\n(stopped)',
  );
  expect(() => shownWhole(HEAD, { text: ' ', stopped: false, problem, leftOut: false }, t)).toThrow(problem);
});

const done = (text: string) =>
  shownWhole(HEAD, { text, stopped: false, problem: null, leftOut: false }, t).slice(HEAD.length);

test('an answer that was not said as a whole says so, also where it broke off', () => {
  const answer = { text: 'Oh darn. It is', stopped: false, leftOut: true };
  const leftOut = "-# I didn't say all of this aloud: there are words in it that are blocked in this server.";
  expect(shownWhole(HEAD, { ...answer, problem: null }, t)).toBe(`> Why?\nOh darn. It is\n${leftOut}`);
  const broken = shownWhole(HEAD, { ...answer, problem: new UserError('model.cut') }, t);
  expect(broken).toMatch(/^> Why\?\nOh darn\. It is\n-# The language/);
  expect(broken.split('\n').at(-1)).toBe(leftOut);
});

test('an answer that is too long is cut between whole characters', () => {
  for (const sign of ['😀', '👩‍👩‍👧', 'e\u0301'])
    for (let before = 0; before < 12; before += 1) {
      const text = done('x'.repeat(before) + sign.repeat(2_000));
      expect(text.isWellFormed()).toBe(true);
      expect(text.replaceAll(sign, '')).toBe(`${'x'.repeat(before)}…`);
      expect(text.length).toBeGreaterThan(1_970);
    }
});

test('half a character, whose other half the model has still to write, is not shown', () => {
  expect(shown(HEAD, 'A fish \ud83d')).toBe(shown(HEAD, 'A fish '));
  const broken = { text: 'A fish \ud83d', stopped: false, problem: null, leftOut: false };
  expect(shownWhole(HEAD, broken, t).isWellFormed()).toBe(true);
});

test('a spoiler that is cut stays hidden, and so does one that is still being written or was broken off', () => {
  const long = `${'x '.repeat(900)}||${'He did it. '.repeat(100)}||`;
  expect(done(long)).toMatch(/\|\|He did it\. .*…\|\|$/);
  expect(done(long).length).toBeLessThanOrEqual(2_000 - HEAD.length);
  for (let spaces = 0; spaces < 12; spaces += 1) {
    const text = done(`${'x'.repeat(1_985 - HEAD.length + spaces)}||Bob did it.||`);
    expect(text).toMatch(/x…$|\|\|[^|]*\|?…\|\|$|\|\|Bob did it\.\|\|…?$/);
  }
  expect(shown('', 'It was ||Bo')).toBe('It was ||Bo||');
  expect(shown('', 'It was || Bo')).toBe('It was || Bo||');
  for (const mark of ['`', '~~', '[', '[a](https://'])
    expect(shown('', `The ${mark}key: ||Bo`)).toBe(`The ${mark}key: ||Bo||`);
  expect(shown('', 'It was ||Bob||, `||` and ')).toBe('It was ||Bob||, `||` and');
  const broken = { text: 'It was ||Bo', stopped: true, problem: null, leftOut: false };
  expect(shownWhole('', broken, t)).toBe('It was ||Bo|| (stopped)');
  const problem = new UserError('model.cut');
  expect(shownWhole('', { ...broken, stopped: false, problem }, t)).toMatch(/^It was \|\|Bo\|\|\n-#/);
  // The model itself breaks off at its own limit.
  expect(done('It was ||Bo…')).toBe('It was ||Bo…||');
  expect(done('In C, a || b is "or".')).toBe('In C, a || b is "or".');
});

test('no link is cut apart, and a block of code is closed', () => {
  for (let more = 0; more < 60; more += 1) {
    const before = 'x'.repeat(1_940 - HEAD.length + more);
    const named = done(`${before} [the docs](https://example.com/a/long/path) and more ${'x'.repeat(100)}`);
    expect(named).toMatch(/^x+…$|^x+ …$|^x+ \[the docs\]\(https:\/\/example\.com\/a\/long\/path\)[ a-z]*…$/);
  }
  expect(done(`Look:\n\`\`\`js\n${'let a = 1;\n'.repeat(300)}\`\`\``)).toMatch(/…\n```$/);
  expect(shown('', 'Look:\n```js\nlet')).toBe('Look:\n```js\nlet\n```');
});

// Struck-out text is not hidden, although it is not said, so there is none of it here.
test('whatever the answer, it fits, is well formed, and shows nothing that is hidden in the whole answer', () => {
  const word = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom(
        '||',
        '|',
        'the end ',
        '😀',
        '\n',
        '[a](https://b.c)',
        'the sea '.repeat(20),
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('`', '```') },
  );
  const hidden = '||secret secret secret||';
  const readable = (text: string) =>
    scan(text).some(token => token.kind === 'text' && token.text.includes('secret'));
  /** Marks of spoilers hide nothing in code. A block that nothing closes is closed here, so that it is found. */
  const inCode = (text: string) =>
    [...codeSpans(`${text}\n\`\`\``)].some(([from, end]) => text.slice(from, end).includes('secret'));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(word, fc.constant(hidden)), { maxLength: 60, size: 'max' }),
      fc.boolean(),
      (words, stopped) => {
        const answer = `x${words.join('')}`;
        const text = shownWhole(HEAD, { text: answer, stopped, problem: null, leftOut: false }, t);
        expect(text.length).toBeLessThanOrEqual(2_000);
        expect(text.isWellFormed()).toBe(true);
        if (!readable(answer) && !inCode(answer)) expect(readable(text), text).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});
