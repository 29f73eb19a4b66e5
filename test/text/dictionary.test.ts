import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanCharacters } from '../../src/text/characters.ts';
import { checkEntry, compileDictionary, NO_WORDS, SAY_MAX, WORD_MAX } from '../../src/text/dictionary.ts';
import { speakable } from '../../src/text/speakable.ts';
import { goldenRules } from './golden-rules.ts';

function apply(entries: Record<string, string>, text: string): string {
  return compileDictionary(new Map(Object.entries(entries))).apply(text);
}

describe('words', () => {
  test.each([
    [
      'whole words only',
      { ana: 'A' },
      'ana banana anas _ana ana_ ana1 (ana) ana-ana',
      'A banana anas _ana ana_ ana1 (A) A-A',
    ],
    ['in any case', { brb: 'be right back' }, 'BRB, Brb!', 'be right back, be right back!'],
    ['with spaces', { 'on my way': 'omw' }, 'On my way, on\nmy way, on my ways', 'omw, omw, on my ways'],
    [
      'with signs',
      { 'c++': 'see plus plus', ':)': 'smile', 'e.g.': 'such as' },
      'C++ e.g. hi:)',
      'see plus plus such as hismile',
    ],
    [
      'the longest one',
      { new: 'N', 'new york': 'NY', 'new york city': 'NYC' },
      'new york cit, new york city',
      'NY cit, NYC',
    ],
    ['the one further left', { 'a b': '1', 'b c d': '2' }, 'a b c d', '1 c d'],
    ['a shorter one if the longer is not whole', { 'new york': 'NY', new: 'N' }, 'new yorker', 'N yorker'],
    ['one within a longer that fails', { 'a b c': '1', b: '2' }, 'a b d', 'a 2 d'],
    ['without a cascade', { a: 'b', b: 'a' }, 'a b', 'b a'],
    ['said as nothing', { um: '' }, 'well um yes', 'well  yes'],
    [
      'of scripts without spaces',
      { 草: 'くさ', ไทย: 'ประเทศไทย', 한국: 'Korea' },
      '大草原 เมืองไทยนะ 한국은',
      '大くさ原 เมืองประเทศไทยนะ Korea은',
    ],
    ['of Latin beside such a script', { www: '笑' }, 'それなwww草 wwww', 'それな笑草 wwww'],
    ['not in half a letter', { e: 'E', ก: 'K' }, 'e\u0301 ก\u0e48', 'e\u0301 ก\u0e48'],
    ['not in half a surrogate pair', { '\ud83d': 'x' }, 'a 🐟 b', 'a 🐟 b'],
    ['odd keys', { constructor: 'C', toString: 'T' }, 'constructor valueOf tostring', 'C valueOf T'],
    ['no pattern', { 'a.c': 'x', '$&': 'y' }, 'abc a.c $&', 'abc x y'],
    ['what is said is literal', { a: '$& $1 \\1' }, 'a', '$& $1 \\1'],
  ] as const)('are found: %s', (_what, entries, text, said) => {
    expect(apply(entries, text)).toBe(said);
  });

  test.each([
    ['STRASSE Straße STRAẞE', { straße: 'road' }, 'road road road'],
    ['straße, strasse', { STRASSE: 'road' }, 'road, road'],
    ['İSTANBUL Istanbul istanbul ıstanbul', { İstanbul: 'city' }, 'city city city city'],
    ['ΟΔΟΣ οδος οδός', { οδος: 'way' }, 'way way οδός'],
    ['oﬃce office', { OFFICE: 'desk' }, 'desk desk'],
    ['aß x', { as: '1', x: '2' }, 'aß 2'],
    ['ßßß a ßßß', { a: 'A' }, 'ßßß A ßßß'],
    ['İİ a İİ 🐟 a', { a: 'A' }, 'İİ A İİ 🐟 A'],
  ] as const)('are found where folding changes lengths: %s', (text, entries, said) => {
    expect(apply(entries, text)).toBe(said);
  });

  test('that differ in case alone: the last one counts', () => {
    const dictionary = compileDictionary(
      new Map([
        ['LOL', '1'],
        ['lol', '2'],
        ['  lol ', '3'],
      ]),
    );
    expect(dictionary.size).toBe(1);
    expect(dictionary.apply('Lol')).toBe('3');
  });
});

describe('words that other stages would change or drop', () => {
  const dictionary = compileDictionary(
    new Map(
      Object.entries({ '№': '1', ｗｗｗ: '2', foo_bar: '3', '♡': '4', plain: '5', '<a:catJAM:77>': '6' }),
    ),
  );
  const words = (parts: ReturnType<typeof dictionary.signedParts>) =>
    parts.filter(({ isWord }) => isWord).map(({ text }) => text);
  const TEXT = '№5 それなｗｗｗ, ｗｗｗｗ foo_bar a_foo_bar ♡♡ plain';

  test('are found where they are written, and only whole', () => {
    expect(words(dictionary.uncleanParts(TEXT))).toEqual(['№', 'ｗｗｗ']);
    expect(words(dictionary.signedParts(TEXT))).toEqual(['№', 'foo_bar', '♡', '♡']);
  });

  test('with the parts between them they make up the text', () => {
    const unit = fc.constantFrom('№', 'ｗｗｗ', 'foo_bar', '♡', 'plain', ' ', 'a', '_', '漢', '5');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), text => {
        for (const parts of [dictionary.uncleanParts(text), dictionary.signedParts(text)])
          expect(parts.map(part => part.text).join('')).toBe(text);
      }),
    );
    expect(NO_WORDS.uncleanParts('№')).toEqual([{ text: '№', isWord: false }]);
    expect(NO_WORDS.signedParts('♡')).toEqual([{ text: '♡', isWord: false }]);
  });

  test('a custom emoji is found by its name, whatever its id', () => {
    expect(dictionary.has(':catjam:')).toBe(true);
    expect(dictionary.has('catjam')).toBe(false);
  });
});

test('no words change nothing', () => {
  expect(compileDictionary(new Map())).toBe(NO_WORDS);
  expect(compileDictionary(new Map([[' ', 'x']]))).toBe(NO_WORDS);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => NO_WORDS.apply(text) === text));
});

/** The same, as one would tell it to a child: at each place, try every word. */
function naively(entries: ReadonlyMap<string, string>, text: string): string {
  const words = [...entries].sort(([a], [b]) => b.length - a.length);
  const joins = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && /\w/.test(a) && /\w/.test(b);
  let said = '';
  for (let at = 0; at < text.length; ) {
    const hit = words.find(
      ([word]) =>
        text.startsWith(word, at) &&
        !joins(text[at - 1], text[at]) &&
        !joins(text[at + word.length - 1], text[at + word.length]),
    );
    said += hit ? hit[1] : text[at];
    at += hit ? hit[0].length : 1;
  }
  return said;
}

test('the automaton finds what a plain search finds', () => {
  const unit = fc.constantFrom('a', 'b', ' ', '+', '啊', '_');
  const word = fc
    .string({ unit, minLength: 1, maxLength: 5 })
    .filter(word => word === word.trim() && !word.includes('  '));
  const entries = fc.array(fc.tuple(word, fc.constantFrom('', '1', 'a', 'ab')), { maxLength: 12 });
  fc.assert(
    fc.property(entries, fc.string({ unit, maxLength: 40 }), (pairs, text) => {
      const words = new Map(pairs);
      expect(compileDictionary(words).apply(text)).toBe(naively(words, text));
    }),
    { numRuns: 3000 },
  );
});

test('the result is bounded, and from the bound on the text stays as it is', () => {
  const say = 'x'.repeat(SAY_MAX);
  expect(apply({ a: say }, 'a a a a')).toBe(`${say} a a a`);
  expect(apply({ a: say, b: '' }, 'a b a b')).toBe(`${say}  a b`);
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: SAY_MAX }), { maxKeys: 8 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      (entries, text) => apply(entries, text).length <= 4 * text.length + 200,
    ),
  );
});

test('each word that stands apart is said as the dictionary has it, whatever signs it has', () => {
  const part = fc.constantFrom(
    'foo_bar',
    'B5',
    '№',
    '①',
    'Ⅳ',
    'ｗ',
    'ｶ',
    '♡',
    '→',
    '★',
    '✓',
    '+',
    '&',
    '=',
    '漢',
  );
  const face = fc.constantFrom(
    ':)',
    'T_T',
    '>_<',
    '^^',
    '<3',
    '</3',
    '(^o^)',
    '¯\\_(ツ)_/¯',
    ':fire:',
    ':+1:',
    '😂',
  );
  const word = fc.oneof(
    face,
    fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => parts.join('')),
  );
  fc.assert(
    fc.property(word, word => {
      const { text } = speakable(`well ${word} then`, goldenRules('en', { words: { [word]: 'zebra' } }));
      expect(text.replaceAll(',', '')).toBe('well zebra then');
    }),
    { numRuns: 1_000 },
  );
});

test('whatever the words, well-formed text stays so', () => {
  const odd = fc.string({ unit: fc.constantFrom('\ud83d', '\udc1f', '🐟', 'ß', 'İ', '\u0301', 'a', ' ') });
  fc.assert(
    fc.property(fc.array(fc.tuple(odd, odd), { maxLength: 6 }), odd, (pairs, text) => {
      const said = compileDictionary(new Map(pairs)).apply(text.toWellFormed());
      expect(said.isWellFormed()).toBe(true);
    }),
  );
});

test.each([
  ['brb', 'be right back', null],
  [':)', '', null],
  ['x'.repeat(WORD_MAX), 'y'.repeat(SAY_MAX), null],
  ['می‌خواهم', '👩‍🚀', null],
  ['', 'x', 'empty-word'],
  [' \u200b\u0301', 'x', 'empty-word'],
  ['x'.repeat(WORD_MAX + 1), 'y', 'too-long'],
  ['x', 'y'.repeat(SAY_MAX + 1), 'too-long'],
  ['a\nb', 'x', 'control'],
  ['a', 'x\u0000', 'control'],
  ['a', '\u202ex', 'control'],
  ['a\ud800', 'x', 'control'],
  ['a', '<|speaker:1|>', 'control'],
] as const)('an entry is checked: %j → %j', (word, say, wrong) => {
  expect(checkEntry(word, say)).toBe(wrong);
});

test('a thousand words and a long text cost little, also where all of them nest', () => {
  const nested = Array.from({ length: WORD_MAX }, (_, i) => '啊'.repeat(i + 1));
  const near = Array.from(
    { length: 1000 - WORD_MAX },
    (_, i) => `${'啊'.repeat(40)}${String.fromCodePoint(0x4e00 + i)}`,
  );
  const dictionary = compileDictionary(new Map([...nested, ...near].map(word => [word, '呀'])));
  // Linear: a few hundredths of a second. The square of the length would not end before the time-out.
  const text = `${'啊'.repeat(1_000_000)}x`;
  expect(dictionary.apply(text).length).toBeGreaterThan(0);
});

test('what is said for a word stays short, also of characters that stand for whole phrases', () => {
  const dictionary = compileDictionary(new Map([['a', '\ufdfa'.repeat(200)]]));
  const text = 'a '.repeat(1_000);
  expect(cleanCharacters(dictionary.apply(text)).length).toBeLessThanOrEqual(4 * text.length + 200);
});
