import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LANGUAGES } from '../../src/text/language.ts';
import { speakable } from '../../src/text/speakable.ts';
import { goldenRules } from './golden-rules.ts';
import { hostileText } from './hostile-text.ts';

/** A word that is in no other text, and in no name. */
const HIDDEN = 'Quuxington';

/**
 * What people write around a spoiler. Whatever begins here may end with the bars of the spoiler, or be drawn with them.
 */
// biome-ignore format: one line for each would be too long a list
const AROUND = [
  'word', 'the killer is', '日本語', '네', ' ', ' ', '\n', '\n', ':', ';', ':-', '>:', 'Spoiler!:', '=', 'x', '//', '(^', '^)', '(', ')',
  '（ﾟ', '༼ ◕', 'ʕ•', '_', '**', '~~', '__', '---', '\n---\n', '| a | b |\n', ' /\\_/\\\n( o.o )\n > ^ <\n', '+--+\n', '<', '</a',
  '<@', '<:a', '[a](https://a.b/', ')', '[', ']', 'https://a.b/', ' `code` ', '\\\u200b', '\u200b', '😀', '👨\u200d', '#\ufe0f',
  '- ', '> ', '# ', '¯\\_(ツ)_/¯', '\\o/', 'T_T', '<3', ':smile', '@everyone', '_|', '\t', '\r\n',
];
const around = fc
  .array(fc.constantFrom(...AROUND), { maxLength: 8 })
  .map(parts => parts.join(''))
  .filter(text => !text.includes('||'));
/** What may be hidden: anything without the bars that end it. */
const hidden = fc
  .tuple(fc.oneof(around, hostileText), fc.oneof(around, hostileText))
  .map(([before, after]) => `${before} ${HIDDEN} ${after}`.replaceAll('|', ''));

test('what is between the bars of a spoiler is never said, whatever it is and whatever stands around it', () => {
  fc.assert(
    fc.property(around, hidden, around, fc.constantFrom(...LANGUAGES), (before, inside, after, language) => {
      const content = `${before}||${inside}||${after}`;
      for (const written of [
        content,
        { content: '', stickers: [], attachments: [], embeds: [{ description: content }] },
      ])
        expect(speakable(written, goldenRules(language)).text).not.toContain(HIDDEN);
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  [':||Quuxington||', 'spoiler'],
  ['**Spoiler**:||Quuxington||', 'Spoiler:spoiler'],
  ['Spoiler!:||Quuxington||', 'Spoiler!:spoiler'],
  ['so >:||Quuxington||', 'so :spoiler'],
  ['so :-||Quuxington||', 'so :-spoiler'],
  ['//||//Quuxington||', 'spoiler'],
  ['(^||^) Quuxington||', 'spoiler'],
  ['x </a||b:1> Quuxington||', 'x /a spoiler'],
  ['x \\\u200b||Quuxington|| y', 'x… y'],
  ['a ||---\nQuuxington\n---|| b', 'a spoiler b'],
  ['||\n /\\_/\\\n( o.o )\n > ^ <\nQuuxington ||', 'spoiler'],
  ['---\n---\n||---\nQuuxington||', 'spoiler'],
])('%j is said as %j', (written, said) => {
  expect(speakable(written, goldenRules('en')).text).toBe(said);
});

test.each([
  ['`a || b` or `c || d`', 'code'],
  ['a \\||b||', 'a, b'],
  ['a || b', 'a, b'],
  ['||||', ''],
])('bars that hide nothing hide nothing: %j is said as %j', (written, said) => {
  expect(speakable(written, goldenRules('en')).text).toBe(said);
});
