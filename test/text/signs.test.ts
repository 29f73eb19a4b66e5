import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileDictionary } from '../../src/text/dictionary.ts';
import { LANGUAGES } from '../../src/text/language.ts';
import { sayable } from '../../src/text/sayable.ts';
import { speakable } from '../../src/text/speakable.ts';
import { goldenRules } from './golden-rules.ts';
import { hostileText } from './hostile-text.ts';

/**
 * By Unicode's classes, what no voice can say: pictures, boxes, loose accents, controls, unassigned and private signs.
 */
const UNSAYABLE =
  /[[\p{So}--[°©®™℗]][\p{Sk}--[\^]]\p{Cc}\p{Cs}\p{Co}\p{Cn}[\p{Cf}--[\u200c\u200d]]\p{Pc}\p{Emoji_Presentation}\u2190-\u21ff\u2500-\u25ff\\\{\}`\|]/v;
const LOOSE_MARK = /(?<![\p{L}\p{M}\p{N}])\p{M}/u;

/** Every character of the planes that people use, one after another, and what people draw with. */
const drawing = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from('─│┌┐└┘├┤┬┴┼═║╔╗╚╝█▓▒░■□▢◆◇●○★☆♪♫♡♥→←↑↓⇒⇨•·‣▪►✓✗✿❀~|\\_^*=+-<>{}#@/')),
      fc.constantFrom('a', 'be', '5', 'あ', '字', 'é', 'ش', 'न', ' ', '\n', '. ', ', ', '(', ')', '「', '」'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .map(parts => parts.join(''));

test('nothing that cannot be said reaches Fish, whatever is written, named or in the dictionary', () => {
  fc.assert(
    fc.property(
      fc.oneof(drawing, hostileText),
      fc.oneof(drawing, hostileText),
      fc.constantFrom(...LANGUAGES),
      (written, said, language) => {
        const dictionary = compileDictionary(new Map([['be', said]]));
        const { text } = speakable(`${written} be <@1>`, {
          ...goldenRules(language),
          dictionary,
          names: { user: () => said, role: () => said, channel: () => said },
        });
        expect(text).not.toMatch(UNSAYABLE);
        expect(text).not.toMatch(LOOSE_MARK);
      },
    ),
    { numRuns: 800 },
  );
});

test('the last stage has nothing left to drop the second time', () => {
  fc.assert(
    fc.property(fc.oneof(drawing, hostileText), text => {
      const once = sayable(text);
      expect(sayable(once)).toBe(once);
    }),
    { numRuns: 800 },
  );
});

test.each([
  'C++ and C# and F#',
  '2 * 3 = 6, 2**8, 2*3*4, 10^6, x^2',
  '3 > 2, 1 < 2, ~8%, 5 ± 2, 20°C',
  '#1 #general @ana @ 5:30 a & b',
  'and/or, he/she, 1/2, /usr/bin',
  '$5 €5 5€ 50% § 5 © 2026',
  '「はい」『ええ』【重要】ジャン・ポール 10〜20 えー〜',
  '1) one 2) two (three)',
])('signs that mean something stay: %s', text => {
  expect(sayable(text)).toBe(text);
});
