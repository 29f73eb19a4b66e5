import { expect, test } from 'vitest';
import { Repeats } from '../src/speech/repeats.ts';
import { lineOf } from './support/lines.ts';

/** Writes texts in chat, as "ana: hi"; returns for each whether it was taken. */
function room() {
  const clock = { now: 0 };
  const repeats = new Repeats(() => clock.now);
  const write = (...messages: string[]) =>
    messages.map(message => {
      const [userId = '', text = ''] = message.split(': ');
      const line = lineOf(text, { userId });
      if (repeats.isOneTooMany(line)) return false;
      repeats.note(line);
      return true;
    });
  return { clock, repeats, write };
}

test('the third in a row by one person is one too many, and so is each after it', () => {
  const { write } = room();
  expect(write('ana: hi', 'ana: hi', 'ana: hi', 'ana: hi')).toEqual([true, true, false, false]);
});

test('something else in between begins a new row; other people do not', () => {
  const { write } = room();
  expect(write('ana: hi', 'ana: hi', 'ana: ho', 'ana: hi')).toEqual([true, true, true, true]);
  expect(write('ben: hi', 'ana: hi', 'ben: hi', 'ana: hi')).toEqual([true, true, true, false]);
});

test('a minute later it may be said again, but not by who never stopped', () => {
  const { write, clock } = room();
  write('ana: hi', 'ana: hi', 'ben: hi', 'ben: hi');
  for (let i = 0; i < 4; i += 1) {
    clock.now += 30_000;
    expect(write('ana: hi')).toEqual([false]);
  }
  expect(write('ben: hi')).toEqual([true]);
});

test('commands are free to repeat, and only what was taken counts', () => {
  const { repeats } = room();
  const line = lineOf('hi', { source: 'command' });
  for (let i = 0; i < 5; i += 1) repeats.note(line);
  expect(repeats.isOneTooMany(line)).toBe(false);
  expect(repeats.isOneTooMany(lineOf('hi'))).toBe(false);
  const refused = lineOf('ho');
  for (let i = 0; i < 5; i += 1) expect(repeats.isOneTooMany(refused)).toBe(false);
});
