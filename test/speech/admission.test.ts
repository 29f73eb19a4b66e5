import { expect, test, vi } from 'vitest';
import type { UserError } from '../../src/errors.ts';
import { Admission } from '../../src/speech/admission.ts';
import { Budget } from '../../src/speech/budget.ts';
import type { Line } from '../../src/speech/line.ts';
import { LiveWords } from '../../src/speech/live-words.ts';
import { SpeechQueue } from '../../src/speech/queue.ts';
import { Unsaid } from '../../src/speech/reasons.ts';
import { lineOf } from '../support/lines.ts';

const caps = { messageBytes: 1_000, personBytesPerMinute: 1e9, serverBytesPerDay: 1_000 };

/** An admission; a test may set `outage`, and `spent`: how many bytes the guild has used of its 1,000 today. */
function admissionRoom() {
  const queue = new SpeechQueue();
  const told: UserError[] = [];
  const onTrouble = vi.fn<() => void>();
  const state = { outage: false, spent: 0 };
  const ledger = {
    add: () => {},
    todayIsKnown: () => true,
    guildToday: () => state.spent,
    usdToday: () => 0,
  };
  const admission = new Admission({
    guildId: 'a guild',
    budget: new Budget({ ledger, dailyUsd: 10, usdPerMillionBytes: 15 }),
    queue,
    floor: {
      checkFish: () => {
        if (state.outage) throw new Unsaid('fish-trouble', 'fish.trouble');
      },
    },
    notify: why => void told.push(why),
    onTrouble,
  });
  /** Null if the line was taken, or the reason why not. */
  const refusal = (text: string, parts: Partial<Line> = {}) => {
    try {
      admission.admit(lineOf(text, { caps, ...parts }));
      return null;
    } catch (error) {
      if (error instanceof Unsaid) return error.reason;
      throw error;
    }
  };
  return { admission, queue, state, told, onTrouble, refusal };
}

test('a line that is taken waits in the queue', () => {
  const { admission, queue } = admissionRoom();
  const item = admission.admit(lineOf('One.'));
  expect(queue.next).toBe(item);
  expect(item.line.text).toBe('One.');
});

test('in an outage of Fish Audio a line is refused, and the outage is told', () => {
  const { state, refusal, queue, onTrouble } = admissionRoom();
  state.outage = true;
  expect(refusal('One.')).toBe('fish-trouble');
  expect(queue.next).toBeUndefined();
  expect(onTrouble).toHaveBeenCalledOnce();
});

test('the third equal message in a row is refused, but not a message that joins the one before it', () => {
  const { queue, refusal } = admissionRoom();
  expect([refusal('Same.'), refusal('Same.'), refusal('Same.')]).toEqual([null, null, null]); // one queued line
  queue.shift();
  expect(refusal('Same.')).toBeNull();
  queue.shift();
  expect(refusal('Same.')).toBe('repeated');
  expect(refusal('Other.')).toBeNull();
});

test('a refused line takes no place and none of the day', () => {
  const { queue, refusal } = admissionRoom();
  const full = Array.from({ length: 6 }, (_, at) => refusal(`Number ${at}.`, { source: 'command' }));
  expect(full).toEqual([null, null, null, null, null, 'person-full']);
  expect(queue.waiting.map(({ text }) => text).join(' ')).not.toContain('5');
});

test('that a cap of the day is reached is told once, and only for chat', () => {
  const { state, told, refusal } = admissionRoom();
  state.spent = 990;
  const long = 'This has more bytes than are left.';
  expect(refusal(long, { source: 'command' })).toBe('server-cap');
  expect(told).toEqual([]);
  expect([refusal(long), refusal(long)]).toEqual(['server-cap', 'server-cap']);
  expect(told).toHaveLength(1);
});

test('an answer that is still to be written needs room for a sentence', () => {
  const { state, refusal } = admissionRoom();
  const live = new LiveWords(() => {});
  state.spent = 850;
  expect(refusal('?', { live, source: 'command' })).toBeNull();
  state.spent = 950;
  expect(refusal('?', { live, source: 'command' })).toBe('server-cap');
});
