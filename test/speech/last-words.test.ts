import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LastWords } from '../../src/speech/last-words.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function lastWordsRoom({ speaking }: { speaking: boolean }) {
  const leave = vi.fn<() => void>();
  const lastWords = new LastWords({ speaking: () => speaking, leave, log: pino({ level: 'silent' }) });
  return { lastWords, leave };
}

test('while no line is being heard, the bot leaves at once', () => {
  const { lastWords, leave } = lastWordsRoom({ speaking: false });
  using _ = lastWords;
  lastWords.deserted();
  expect(leave).toHaveBeenCalledOnce();
});

test('the line being heard may end, and then the bot leaves', () => {
  const { lastWords, leave } = lastWordsRoom({ speaking: true });
  using _ = lastWords;
  lastWords.quiet(); // an end that nothing waits for
  lastWords.deserted();
  expect(leave).not.toHaveBeenCalled();
  lastWords.quiet();
  expect(leave).toHaveBeenCalledOnce();
});

test('a line that goes on for too long is not waited for', () => {
  const { lastWords, leave } = lastWordsRoom({ speaking: true });
  using _ = lastWords;
  lastWords.drain(3_000);
  vi.advanceTimersByTime(2_999);
  expect(leave).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(leave).toHaveBeenCalledOnce();
});

test('the bot stays when somebody is back in time', () => {
  const { lastWords, leave } = lastWordsRoom({ speaking: true });
  using _ = lastWords;
  lastWords.deserted();
  lastWords.listened();
  lastWords.quiet();
  vi.advanceTimersByTime(60_000);
  expect(leave).not.toHaveBeenCalled();
});

test('when the process ends, the bot leaves whoever comes', () => {
  const { lastWords, leave } = lastWordsRoom({ speaking: true });
  using _ = lastWords;
  lastWords.deserted();
  lastWords.drain(3_000);
  lastWords.listened();
  expect(lastWords.draining).toBe(true);
  lastWords.quiet();
  expect(leave).toHaveBeenCalledOnce();
});

test('when the process ends, the bot leaves no later because nobody is there', () => {
  const { lastWords, leave } = lastWordsRoom({ speaking: true });
  using _ = lastWords;
  lastWords.drain(3_000);
  vi.advanceTimersByTime(2_900);
  lastWords.deserted();
  vi.advanceTimersByTime(100);
  expect(leave).toHaveBeenCalledOnce();
});
