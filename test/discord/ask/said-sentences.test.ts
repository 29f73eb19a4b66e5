import { expect, test } from 'vitest';
import { SaidSentences } from '../../../src/discord/ask/said-sentences.ts';

function said(
  parts: readonly string[],
  blockedWords: readonly string[],
  dictionary: Record<string, string> = {},
) {
  const sentences = new SaidSentences({
    blockedWords,
    speakable: part => ({
      text: part.replaceAll(/\w+/gu, word => dictionary[word] ?? word),
      blocked: part.includes('NO'),
    }),
  });
  return parts.map(part => sentences.next(part));
}

test.each<[what: string, parts: string[], blocked: string[], said: (string | null)[]]>([
  ['a phrase over two parts', ['so two', 'words here', 'end.'], ['two words'], ['so two', null, 'end.']],
  ['a word over two parts', ['この榴', '蓮は'], ['榴蓮'], ['この榴', null]],
  ['a sentence between', ['so two.', 'words here'], ['two words'], ['so two.', 'words here']],
  ['a part left out between', ['so two', 'NO', 'words here'], ['two words'], ['so two', null, 'words here']],
  ['a part without sound between', ['so two', '', 'words here'], ['two words'], ['so two', '', null]],
  ['nothing blocked', ['so two', 'words here'], [], ['so two', 'words here']],
])('blocked words in the parts of an answer: %s', (_, parts, blocked, expected) => {
  expect(said(parts, blocked)).toEqual(expected);
});

test('a blocked phrase that the dictionary makes over two parts is not said', () => {
  expect(said(['so brb', 'words'], ['two words'], { brb: 'two' })).toEqual(['so two', null]);
});
