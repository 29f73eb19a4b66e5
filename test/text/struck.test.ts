import { expect, test } from 'vitest';
import { speakable } from '../../src/text/speakable.ts';
import { goldenRules } from './golden-rules.ts';

const said = (text: string) => speakable(text, goldenRules('en')).text;

test.each([
  ['a mark on a line of its own begins', '~~\nold\n~~ new', 'new'],
  ['a mark at the beginning of a line may have a space behind it', '~~ old ~~ new', 'new'],
  ['a space before the second mark does not matter', '~~old \nprice ~~ new', 'new'],
  ['a mark that ends does not begin anew', '~~old ~~new~~', 'new'],
])('as Discord strikes out: %s', (_what, text, spoken) => {
  expect(said(text)).toBe(spoken);
});

test.each([
  ['never closed', '~~old\nnew', 'old. new'],
  ['drawn out, at the end of a line', 'see you~~\nbye~~', 'see you. bye'],
  ['drawn out, behind a space', 'hi ~~\nthere ~~ friend', 'hi. there, friend'],
  ['drawn out, in a sentence', '안녕~~ 반가워~~', '안녕, 반가워'],
  ['a line that separates', 'rules\n~~~~~~\nbe nice\n~~~~~~\nok', 'rules. be nice. ok'],
])('what people hardly mean to strike out is said: %s', (_what, text, spoken) => {
  expect(said(text)).toBe(spoken);
});
