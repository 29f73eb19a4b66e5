import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { variablesIn, withVariables } from '../../src/operator/env-text.ts';

test.each([
  ['', 'A=1\n'],
  ['B=2', 'B=2\nA=1\n'],
  ['B=2\n', 'B=2\nA=1\n'],
  ['A=old # mine\nB=2\n', 'A=1\nB=2\n'],
  ['  export A = old\nB=2', '  export A =1\nB=2'],
  ['# A=old\n', '# A=old\nA=1\n'],
  ['AA=old\nA_FILE=x\n', 'AA=old\nA_FILE=x\nA=1\n'],
  ['A=\r\nB=2\r\n', 'A=1\r\nB=2\r\n'],
  ['A=one\nA=two\n', 'A=1\nA=1\n'],
])('in %j only the line of the variable changes', (text, now) => {
  expect(withVariables(text, { A: '1' })).toBe(now);
});

test('whatever a value is, Node reads it back, and all else as it was', () => {
  const value = fc
    .stringMatching(/^[\x21-\x7e]{1,60}$/)
    .filter(each => !/'.*"|".*'/.test(each) || !each.includes('`'));
  const other = fc.constantFrom('', 'B=2', '# a comment', 'A=old', "C='quoted # text'");
  fc.assert(
    fc.property(value, fc.array(other), (secret, lines) => {
      const text = lines.join('\n');
      const now = parseEnv(withVariables(text, { A: secret }));
      expect(now).toEqual({ ...parseEnv(text), A: secret });
    }),
  );
});

test('a dollar sign in a value is no pattern', () => {
  expect(variablesIn(withVariables('A=old\n', { A: "$1$&$'" }))).toEqual({ A: "$1$&$'" });
});
