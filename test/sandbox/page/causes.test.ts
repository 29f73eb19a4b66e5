import { expect, test } from 'vitest';
import { Causes } from './causes.ts';

function causes(...deeds: readonly [at: number, who: string, words: string][]): Causes {
  const all = new Causes();
  for (const [at, who, words] of deeds) all.add({ at, who, what: words }, words);
  return all;
}

test('words lead to who wrote them, with another’s name before them or not', () => {
  const all = causes([0, 'Ana', 'Good morning'], [1, 'Ben', 'The kettle has boiled']);
  expect(all.of('Ben said: The kettle has boiled', 10)?.who).toBe('Ben');
  expect(all.of('Ana said: good morning!', 20)?.who).toBe('Ana');
});

test('of several that fit alike, the first that has caused nothing yet', () => {
  const all = causes([0, 'Ana', 'yes'], [1, 'Ben', 'yes']);
  expect([all.of('yes', 5)?.who, all.of('yes', 6)?.who]).toEqual(['Ana', 'Ben']);
});

test('a long message that is said in two parts has caused both', () => {
  const all = causes([0, 'Ana', 'one two three four']);
  expect(all.of('one two', 5)?.who).toBe('Ana');
  expect(all.of('three four', 9)?.who).toBe('Ana');
  const longer = causes([0, 'Ana', 'one two three']);
  longer.of('one two', 5);
  expect(longer.of('one two three', 6)?.who).toBe('Ana');
});

test('what is said again after it broke off is of the same cause, though another is like it and was never said', () => {
  const all = causes([0, 'Ana', 'What if Fish Audio is down?'], [20, 'Ben', 'What if Fish Audio hangs up?']);
  const again = () => all.of('What if Fish Audio hangs up?', 30)?.who;
  expect([again(), again()]).toEqual(['Ben', 'Ben']);
});

test('a word that was said is not the cause of a later line that has it too', () => {
  const all = causes([0, 'Ana', 'hello'], [1, 'Ben', 'hello all, see https://example.com/a/b']);
  expect(all.of('hello', 2)?.who).toBe('Ana');
  expect(all.of('Ben said: hello all, see link to example', 3)?.who).toBe('Ben');
});

test('where no word fits, what was done just before; and nothing that was done later or long ago', () => {
  const all = causes([0, 'Ana', 'preview'], [9_000, 'Ben', 'hello']);
  expect(all.of('Far out at sea', 8_000)).toBeNull();
  expect(causes([7_000, 'Ana', 'preview']).of('Far out at sea', 8_000)?.who).toBe('Ana');
  expect(all.of('hello', 8_999)).toBeNull();
});

test('what was silenced causes nothing later', () => {
  const all = causes([0, 'Ana', 'good morning']);
  all.forget();
  all.add({ at: 1, who: 'Ben', what: 'good morning' }, 'good morning');
  expect(all.of('good morning', 2)?.who).toBe('Ben');
});
