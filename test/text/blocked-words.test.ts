import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdsBlockedWord } from '../../src/text/blocked-words.ts';

test.each<readonly [word: string, text: string, holds: boolean]>([
  // a whole word, and not a part of one
  ['ass', 'what an ass', true],
  ['ass', 'a class, an assassin', false],
  ['ass', 'ASS!', true],
  ['ass', '"ass"', true],
  ['ass', 'ass’s', true],
  ['ass', '**ass**, _ass_, ||ass||', true],
  ['ass', 'class ass', true],
  ['two words', 'these Two   WORDS here', true],
  ['two words', 'two wordsmiths', false],
  ['c++', 'I like C++.', true],
  ['c++', 'abc++', false],
  ['.*', 'any text', false],
  ['.*', 'a .* b', true],
  ['42', 'the answer is 42', true],
  ['42', '1420', false],
  // case and width
  ['STRASSE', 'auf der straße', true],
  ['über', 'ÜBER alles', true],
  ['über', 'überall', false],
  ['café', 'cafe\u0301 noir', true],
  ['bad', 'ｂａｄ', true],
  ['istanbul', 'İSTANBUL', true],
  ['ИДИОТ', 'ты идиот', true],
  ['идиот', 'идиотский', false],
  ['λόγος', 'ΛΌΓΟΣ', true],
  ['غبي', 'أنت غبي جدا', true],
  ['नमक', 'नमकीन', false],
  ['נבל', 'הוא נבל!', true],
  // characters that nobody sees
  ['bad', 'b\u200bad', true],
  ['❤', '❤\ufe0f', true],
  ['🔥', 'fire🔥🔥', true],
  // dressed up, and said as that word all the same
  ['bad', 'so b**a**d', true],
  ['bad', 'so b*ad', true],
  ['bad', 'b\u0336a\u0336d\u0336', true],
  ['bad', 'ʙᴀᴅ', true],
  ['bad', '🇧 🇦 🇩', true],
  ['bad', '🅱️ad', true],
  ['bad', 'b \u{1f41f} ad', false],
  ['bad', 'b **ad**', false],
  // scripts without spaces: anywhere
  ['馬鹿', 'この馬鹿者', true],
  ['ﾊﾞｶ', 'バカだなあ', true],
  ['ばか', 'ほんとばかみたい', true],
  ['傻瓜', '你是个傻瓜吗', true],
  ['โง่', 'คุณโง่มาก', true],
  ['test', 'これはtestです', true],
  ['test', 'これはtestingです', false],
  // Korean has spaces, and particles at the end of words
  ['바보', '너는 바보야', true],
  ['바보', '바보들은 몰라', true],
  ['사과', '사과나무', false],
  ['사과', '사과를 먹다', true],
  ['사과', '풋사과', false],
  // what is nothing blocks nothing
  ['\u200b', 'hello', false],
])('blocked %j, written %j: %s', (word, text, holds) => {
  expect(holdsBlockedWord(text, ['never there', word])).toBe(holds);
});

test('a blocked word is found wherever it stands, between anything that is no word', () => {
  const words = fc.stringMatching(/^[a-z]{1,12}$/);
  const around = fc.stringMatching(/^[ .,!?:;()"*_~|\n🔥]{0,8}$/u);
  fc.assert(
    fc.property(words, around, around, (word, before, after) =>
      holdsBlockedWord(`x ${before}${word.toUpperCase()}${after} y`, [word]),
    ),
  );
});

test('texts made to be slow are answered soon', () => {
  const words = Array.from({ length: 100 }, (_, n) => `${'이야'.repeat(10)}${n}`);
  for (const text of ['이야'.repeat(2_000), 'a'.repeat(4_000), `${'바보'.repeat(1_000)}나무`])
    expect(holdsBlockedWord(text, [...words, '이야', 'aa', '바보'])).toBeTypeOf('boolean');
});

test('where many words are found at each place, it takes hardly longer than where none is found', () => {
  const text = `${'a'.repeat(4_000)}b`;
  const secondsOf = (words: readonly string[]) => {
    const times = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      expect(holdsBlockedWord(text, words)).toBe(false);
      return process.cpuUsage(before).user / 1e6;
    });
    return Math.min(...times);
  };
  const words = Array.from({ length: 60 }, (_, index) => 'a'.repeat(index + 1));
  expect(secondsOf(words)).toBeLessThan(8 * secondsOf(words.slice(0, 1)) + 0.01);
});
