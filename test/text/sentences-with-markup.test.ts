import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scan } from '../../src/text/scan.ts';
import { type Cut, SentenceCutter } from '../../src/text/sentences.ts';
import { withoutHidden } from '../../src/text/spoilers.ts';
import { textsOf } from './cuts.ts';

// A sentence is not cut inside a link, code or a spoiler, and what is hidden in the whole text is said in no part of
// it.

const hiding = 'He did it. '.repeat(40);

test.each<[string, string, readonly string[]]>([
  ['a spoiler', 'The ending: ||It was Bob.|| Did you?', ['The ending: ||It was Bob.||', 'Did you?']],
  [
    'a spoiler with code',
    'Well, ||so: ```x``` Bob. It was|| he. So.',
    ['Well, ||so: ```x``` Bob. It was|| he.', 'So.'],
  ],
  [
    'a spoiler behind code',
    'It is `||`. But ||Bob. Bob.|| is. So.',
    ['It is `||`.', 'But ||Bob. Bob.|| is.', 'So.'],
  ],
  ['a long spoiler', `The ending: ||${hiding}||! Did you?`, ['The ending:', '||…||', 'Did you?']],
  ['a spoiler that nothing closes', 'The ending: ||It was Bob. So', ['The ending:', '||…||']],
  ['two bars of a program', 'In C, a || b is "or". So it is.', ['In C, a || b is "or".', 'So it is.']],
  ['a link', 'See https://a.com/w?v=ab&t=5 for more. So.', ['See https://a.com/w?v=ab&t=5 for more.', 'So.']],
  [
    'a named link',
    'See [the docs](https://a.com/q?id=5). So.',
    ['See [the docs](https://a.com/q?id=5).', 'So.'],
  ],
  [
    'a named sentence',
    'See. [All of. It.](https://a.com/q) So.',
    ['See.', '[All of. It.](https://a.com/q)', 'So.'],
  ],
  ['brackets of no link', 'It [see. Above] is. So.', ['It [see.', 'Above] is.', 'So.']],
  ['code', 'Use `x ? y : z` or `a. B`. So.', ['Use `x ? y : z` or `a. B`.', 'So.']],
  ['a lone backtick', 'The ` key. Press it. So.', ['The  key.', 'Press it.', 'So.']],
  ['what is struck out', '~~Old price. Gone.~~ New price. ~~Old. Gone.~~', ['New price.']],
  ['nothing but what is struck out', '~~Old price. Gone.~~', ['~~Old price. Gone.~~']],
  ['bold', '**Big fish.** They swim. *Yes.* So.', ['**Big fish.**', 'They swim.', '*Yes.*', 'So.']],
  [
    'escaped bars',
    String.raw`So \|\|Bob. Bob\|\|. So.`,
    [String.raw`So \|\|Bob.`, String.raw`Bob\|\|.`, 'So.'],
  ],
])('markup is not cut apart: %s', (_, text, sentences) => {
  for (const piece of [1, 3, 1_000]) expect(textsOf(text, 'en', piece)).toEqual(sentences);
});

test('a long sentence is not cut inside a link, code or a spoiler', () => {
  for (const part of [
    '[the words of it](https://example.com/a/long/path)',
    '`let it be = here + now`',
    '||he did it all||',
  ]) {
    for (const before of [170, 185, 195]) {
      const text = `${'word '.repeat(40).slice(0, before)} ${part} and it goes on like this for a while`;
      expect(textsOf(text).join(' ')).toContain(part);
      expect(textsOf(text).some(cut => cut.includes(part))).toBe(true);
    }
  }
  const link = `https://example.com/${'a'.repeat(300)}`;
  expect(textsOf(`Look: ${link} now.`)).toEqual(['Look:', link, 'now.']);
});

test.each(['`', '~~', '[', '[so](', '[so](https://a.com', '```'])(
  'a mark that nothing closes is not waited for without end: %s',
  mark => {
    const cutter = new SentenceCutter('en');
    const cuts = cutter.push(`So ${mark}it is. ${'The sea is blue. '.repeat(20)}`);
    if (mark !== '```') expect(cuts.length).toBeGreaterThan(15);
    cuts.push(...cutter.push('The sea is blue. '.repeat(120)));
    expect(cuts.length).toBeGreaterThan(120);
  },
);

test('two bars of a program are waited for as long as a message can be', () => {
  const cutter = new SentenceCutter('en');
  expect(cutter.push(`It is a || b here. ${'The sea is blue. '.repeat(50)}`)).toEqual([]);
  expect(cutter.push('The sea is blue. '.repeat(80)).length).toBeGreaterThan(120);
});

test('what may be hidden, struck out or an address is not said when nothing comes for a while', () => {
  for (const text of ['It is ||Bob.', 'It is || Bob.', '~~Old.', 'See https://a.com/watch?', 'See `x.']) {
    const cutter = new SentenceCutter('en');
    expect([...cutter.push(text), ...cutter.settle()]).toEqual([]);
  }
  const cutter = new SentenceCutter('en');
  cutter.push('It is ||Bob.||');
  expect(cutter.settle()).toEqual([{ text: 'It is ||Bob.||', ended: true }]);
});

const WORDS = [
  ' secret ',
  'Fish',
  'fish.',
  'Dr.',
  '3.',
  '5',
  '1999.',
  'e.g.',
  'A.',
  '!',
  '?"',
  '魚。',
  '「',
  '😀',
  '👩‍👩‍👧',
  'é',
  'x,',
  '[a](https://b.c/d?e=f)',
  'https://a.com/w?v=5',
  '<@123>',
  '<:fish:1>',
  'the sea is blue and wide, and it goes on',
];
const MARKS = [
  '||',
  '||',
  '|',
  '`',
  '``',
  '~~',
  '~',
  '**',
  '*',
  '_',
  '__',
  '\\',
  '[',
  ']',
  '(',
  ')',
  ':',
  '\n',
  '\r\n',
];
const marked = (maxLength: number) =>
  fc
    .array(
      fc.oneof(
        { weight: 20, arbitrary: fc.constantFrom(...WORDS) },
        { weight: 20, arbitrary: fc.constant(' ') },
        { weight: 10, arbitrary: fc.constantFrom(...MARKS) },
        { weight: 1, arbitrary: fc.constantFrom('```', '```js\n') },
      ),
      { maxLength, size: 'max' },
    )
    .map(words => words.join(''));

test('in whatever pieces a text comes, it is cut in the same way', () => {
  fc.assert(
    fc.property(marked(300), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (text, lengths) => {
      const whole = new SentenceCutter('en');
      const cutter = new SentenceCutter('en');
      const cuts: Cut[] = [];
      for (let at = 0, piece = 0; at < text.length; piece += 1) {
        const length = lengths[piece % lengths.length] ?? 1;
        cuts.push(...cutter.push(text.slice(at, at + length)));
        at += length;
      }
      expect([...cuts, ...cutter.end()]).toEqual([...whole.push(text), ...whole.end()]);
    }),
    { numRuns: 100 },
  );
});

test('a lone mark that is left out between two runs of backticks does not join them, which would show the code', () => {
  expect(textsOf('`` ``__``` secret `` secret ```')).toEqual(['`` `` ``` secret `` secret ```']);
});

test('nothing is said that is hidden, struck out or code in the whole text', () => {
  const said = (text: string) =>
    scan(withoutHidden(text))
      .map(token => (token.kind === 'text' ? token.text : ''))
      .join(' ')
      .split('secret').length - 1;
  fc.assert(
    fc.property(marked(60), text => {
      fc.pre(text.length < 250);
      const ofCuts = textsOf(text).reduce((sum, cut) => sum + said(cut), 0);
      expect(ofCuts).toBeLessThanOrEqual(said(text));
    }),
    { numRuns: 500 },
  );
});
