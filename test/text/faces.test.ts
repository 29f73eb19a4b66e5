import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LANGUAGES } from '../../src/text/language.ts';
import { speakable } from '../../src/text/speakable.ts';
import { goldenRules } from './golden-rules.ts';

/** Faces as people draw them: with arms, tears, tables and decorations, from many places. */
// biome-ignore format: one line for each would be too long a list
const FACES = [
  ':)', ':-(', ';)', ":'(", ':D', 'xD', '=)', '>:(', ':3', ':/', ':|', ':*', ':P', ':O', '^^', '^_^', '^^;', '-_-', 'T_T',
  'T.T', 'QAQ', ';_;', '>_<', '>.<', '><', 'o_O', 'O.o', 'u_u', '._.', '=_=', '@_@', '\\o/', '>///<', '¬_¬', 'ಠ_ಠ', '•_•',
  '(^o^)', '＼(^o^)／', '\\(^o^)/', 'm(_ _)m', '( ´∀｀)ﾉ', '(´・ω・`)', '(｀・ω・´)ゞ', '( ͡° ͜ʖ ͡°)', '(ToT)', '(T_T)', '(;_;)',
  '(>_<)', '(-_-)zzz', '(^_^;)', '(^^)/', 'ヽ(´▽`)/', '(*^^*)', '(≧▽≦)', '(╯°□°）╯︵ ┻━┻', '┬─┬ノ( º _ ºノ)', '¯\\_(ツ)_/¯',
  'ʕ•ᴥ•ʔ', '(づ｡◕‿‿◕｡)づ', '(ﾉ◕ヮ◕)ﾉ*:･ﾟ✧', '(ง\'̀-\'́)ง', 'ᕕ(ᐛ)ᕗ', '⁄(⁄ ⁄•⁄ω⁄•⁄ ⁄)⁄', '(＾▽＾)', 'Σ( ﾟДﾟ)', '(•_•)', '( •_•)>⌐■-■',
  '(⌐■_■)', '(☞ﾟヮﾟ)☞', '(✿◕‿◕)', '(ಥ﹏ಥ)', '(◕‿◕)', '_(:3」∠)_', '(。-`ω´-)', '(=^ェ^=)', '( ˘ ³˘)♥', 'd(^_^)b', '<(￣︶￣)>',
  '(ノಠ益ಠ)ノ彡┻━┻', '(つ≧▽≦)つ', '(((o(*ﾟ▽ﾟ*)o)))', '＜●＞＜●＞', '(¬‿¬)', '(。♥‿♥。)', '(^q^)', '( ˙꒳˙ )', '(｡•́︿•̀｡)', '( ;∀;)', "٩( 'ω' )و", '(≧∇≦)b',
  '(っ˘ω˘ς )', 'ლ(╹◡╹ლ)', '(屮゜Д゜)屮', 'щ(ಠ益ಠщ)', '(-_-メ)', '(ᵔᴥᵔ)', '(ﾟДﾟ;≡;ﾟДﾟ)', '(ΦωΦ)', '(づ ̄ ³ ̄)づ', '( ఠ ͟ʖ ఠ)', '(╬ Ò﹏Ó)',
  '(๑•̀ㅂ•́)و✧', 'φ(゜▽゜*)♪', 'o(*￣▽￣*)ブ', '(⓿_⓿)', '(*/ω＼*)', '（*＾3＾）/～☆', '༼ つ ◕_◕ ༽つ', 'ᕦ(ò_óˇ)ᕤ', '=^.^=', '(ToT)/~~~',
  '(^^)v', 'm9(^Д^)', '((((；ﾟДﾟ))))', '(ㅇㅅㅇ)', 'ㅡ.ㅡ', 'ㅡㅡ;', '┐(´д`)┌', '(╥﹏╥)', '¯\\(°_o)/¯', '(>^_^)>', '╰(*°▽°*)╯',
  '٩(◕‿◕｡)۶', 'ヾ(＾∇＾)', '(*≧ω≦)',
];
const rules = (language: (typeof LANGUAGES)[number]) => goldenRules(language, { emoji: 'skip' });

test.each(FACES)('%s leaves no part behind', face => {
  expect(speakable(face, rules('en')).text).toBe('');
  expect(speakable(`well ${face} then`, rules('en')).text).toBe('well then');
  expect(speakable(`well\n${face}`, rules('en')).text).toBe('well');
});

test('faces in a row, in any language, leave nothing but the words', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...FACES), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...LANGUAGES),
      (faces, language) => {
        const { text } = speakable(`alpha ${faces.join(' ')} omega`, rules(language));
        expect(text).toBe('alpha omega');
      },
    ),
    { numRuns: 400 },
  );
});

test.each([
  'f(x) word(s) (e.g.) (C++) (5%) (x=1) (a+b) (x > y) (+/-) (1) (8) (no)',
  'C:D 16:30 10:30:45 ratio 1:3 D:5',
  'ぼく(ノ)の',
  '(๑%) 5',
  'a (b) c',
])('words in brackets are no faces: %s', written => {
  expect(speakable(written, rules('en')).text).toBe(written);
});
