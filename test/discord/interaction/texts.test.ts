import { expect, test } from 'vitest';
import { plain } from '../../../src/discord/interaction/texts.ts';

test.each([
  ['[here](https://a.example)', '\\[here](https://a.example)'],
  [
    '[one](https://a.example) [two](https://b.example)',
    '\\[one](https://a.example) \\[two](https://b.example)',
  ],
  ['[laugh] hello', '[laugh] hello'],
  ['*a* and\n# b', '\\*a\\* and # b'],
])('of %j nothing becomes a link or a form', (text, shown) => {
  expect(plain(text)).toBe(shown);
});

test('what looks like very many links is escaped in linear time', () => {
  // The time of a pattern for whole links grows with the cube of the length: this would take hours.
  expect(plain('[]('.repeat(20_000))).toBe('\\[]('.repeat(20_000));
});
