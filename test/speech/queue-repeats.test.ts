import { expect, test } from 'vitest';
import type { LineFate } from '../../src/speech/queued-line.ts';
import { Repeats } from '../../src/speech/repeats.ts';
import { lineOf } from '../support/lines.ts';

/** Writes texts in chat, as "ana: hi"; returns for each whether it was taken. Each is a line of its own. */
function room() {
  const clock = { now: 0 };
  const repeats = new Repeats(() => clock.now);
  const fates: LineFate[] = [];
  const write = (...messages: string[]) =>
    messages.map(message => {
      const [userId = '', text = ''] = message.split(': ');
      const line = lineOf(text, { userId });
      if (repeats.isOneTooMany(line)) return false;
      const fate: LineFate = { outcome: 'waiting' };
      fates.push(fate);
      repeats.note(line, fate);
      return true;
    });
  return { clock, repeats, write, fates };
}

test('the third in a row by one person is one too many, and so is each after it', () => {
  const { write } = room();
  expect(write('ana: hi', 'ana: hi', 'ana: hi', 'ana: hi')).toEqual([true, true, false, false]);
});

test('something else in between begins a new row, be it their own or somebody else’s', () => {
  const { write } = room();
  expect(write('ana: hi', 'ana: hi', 'ana: ho', 'ana: hi')).toEqual([true, true, true, true]);
  const talk = ['ben: Tea?', 'ana: yes', 'ben: Milk?', 'ana: yes', 'ben: Sugar?', 'ana: yes', 'ana: yes'];
  expect(write(...talk, 'ana: yes')).toEqual([true, true, true, true, true, true, true, false]);
});

test('only what was said, or waits to be, counts', () => {
  const { write, fates } = room();
  write('ana: hi', 'ana: hi');
  for (const fate of fates) fate.outcome = 'lost';
  expect(write('ana: hi', 'ana: hi', 'ana: hi')).toEqual([true, true, false]);
  for (const fate of fates.slice(2)) fate.outcome = 'said';
  expect(write('ana: hi')).toEqual([false]);
});

test('messages that are said in one breath are one line', () => {
  const { repeats } = room();
  const fate: LineFate = { outcome: 'waiting' };
  for (let i = 0; i < 3; i += 1) repeats.note(lineOf('ha'), fate);
  expect(repeats.isOneTooMany(lineOf('ha'))).toBe(false);
  repeats.note(lineOf('ha'), { outcome: 'waiting' });
  expect(repeats.isOneTooMany(lineOf('ha'))).toBe(true);
});

test('a minute later it may be said again, but not by who never stopped', () => {
  const { write, clock } = room();
  write('ana: hi', 'ana: hi');
  for (let i = 0; i < 4; i += 1) {
    clock.now += 30_000;
    expect(write('ana: hi')).toEqual([false]);
  }
  clock.now += 60_000;
  expect(write('ana: hi')).toEqual([true]);
});

test('commands are free to repeat, and stand between like anything else', () => {
  const { repeats, write } = room();
  const line = lineOf('hi', { source: 'command' });
  for (let i = 0; i < 5; i += 1) repeats.note(line, { outcome: 'said' });
  expect(repeats.isOneTooMany(line)).toBe(false);
  expect(write('ana: hi', 'ana: hi')).toEqual([true, true]);
  repeats.note(lineOf('Now.', { source: 'command', userId: 'ben' }), { outcome: 'said' });
  expect(write('ana: hi')).toEqual([true]);
});
