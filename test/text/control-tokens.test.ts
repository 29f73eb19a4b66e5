import { expect, test } from 'vitest';
import { withoutControlTokens } from '../../src/text/control-tokens.ts';

test.each([
  ['<|speaker:1|> Hello', 'speaker:1 Hello'],
  ['Hello <| break |> there', 'Hello break there'],
  ['＜｜speaker:1｜＞ Hello', 'speaker:1 Hello'],
  ['﹤|a|﹥ b', 'a b'],
  ['< | a | > b', 'a b'],
  ['<\t|a|\n> b', 'a b'],
  ['<<||a||>> b', 'a b'],
  ['<|<|a|>|> b', 'a b'],
  ['a<|', 'a'],
  ['|>a', 'a'],
])('no control token of %j is left: %j', (text, said) => {
  expect(withoutControlTokens(text)).toBe(said);
});

test.each(['3 < 4', 'a > b', 'a | b', '1 << 2', 'x || y', 'a <b', '<- ->'])('%j gives no orders', text => {
  expect(withoutControlTokens(text)).toBe(text);
});
