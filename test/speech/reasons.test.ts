import { expect, test } from 'vitest';
import { ReasonBook } from '../../src/speech/reason-book.ts';
import { REASONS, Unsaid } from '../../src/speech/reasons.ts';

function place(id: string, guildId = 'guild', authorId = 'ana') {
  return { id, guildId, channelId: 'general', authorId };
}

test('a message waits, then is read or has its reason, and is forgotten after an hour', () => {
  let now = 0;
  const book = new ReasonBook(() => now);
  expect(book.find('guild', '1')).toBeUndefined();
  book.waiting(place('1'));
  expect(book.find('guild', '1')?.outcome).toBe('waiting');
  book.note(place('1'), null);
  expect(book.find('guild', '1')).toMatchObject({ id: '1', channelId: 'general', outcome: 'read' });
  book.note(place('2'), 'opted-out');
  expect(book.find('guild', '2')?.outcome).toBe('opted-out');
  now += 3_600_000 - 1;
  expect(book.find('guild', '1')?.outcome).toBe('read');
  now += 1;
  expect(book.find('guild', '1')).toBeUndefined();
  expect(book.lastOf('guild', 'ana')).toBeUndefined();
  book.note(place('3'), 'left');
  expect(book.size).toBe(1);
});

test('a message is known in its own server alone', () => {
  const book = new ReasonBook();
  book.note(place('1', 'here'), 'prefix');
  expect(book.find('here', '1')?.outcome).toBe('prefix');
  expect(book.find('elsewhere', '1')).toBeUndefined();
  expect(book.lastOf('elsewhere', 'ana')).toBeUndefined();
});

test('somebody’s last message is the one they wrote last, whatever was noted last', () => {
  const book = new ReasonBook();
  book.waiting(place('999'));
  book.waiting(place('1000'));
  book.waiting(place('2000', 'guild', 'ben'));
  book.note(place('999'), null);
  expect(book.lastOf('guild', 'ana')?.id).toBe('1000');
});

test('what is noted again lives on from then', () => {
  let now = 0;
  const book = new ReasonBook(() => now);
  book.waiting(place('1'));
  now += 3_000_000;
  book.note(place('1'), 'skipped');
  book.note(place('2'), 'skipped');
  now += 3_000_000;
  book.note(place('3'), null);
  expect(book.find('guild', '1')?.outcome).toBe('skipped');
});

test('a flood of messages is bounded, and the oldest go first', () => {
  const book = new ReasonBook();
  for (let id = 0; id < 100_000; id += 1) book.note(place(`${id}`), 'queue-full');
  expect(book.size).toBe(20_000);
  expect(book.find('guild', '99999')?.outcome).toBe('queue-full');
  expect(book.find('guild', '79999')).toBeUndefined();
});

test('each server keeps its share, whatever the others write', () => {
  const book = new ReasonBook();
  for (let id = 0; id < 100; id += 1) book.note(place(`${id}`, 'quiet'), 'prefix');
  for (let id = 0; id < 15_000; id += 1) book.note(place(`${id}`, 'busy'), 'prefix');
  for (let id = 0; id < 100_000; id += 1) book.note(place(`${id}`, `flood ${id % 2}`), 'queue-full');
  expect(book.size).toBe(20_000);
  for (let id = 0; id < 100; id += 1) expect(book.find('quiet', `${id}`)).toBeDefined();
  // Four servers share the book: the busy one had more than a quarter, and keeps its latest 5,000 at least.
  for (let id = 10_000; id < 15_000; id += 1) expect(book.find('busy', `${id}`)).toBeDefined();
  expect(book.find('flood 1', '99999')).toBeDefined();
});

test('one that comes to a full book finds room, at the expense of those with most', () => {
  const book = new ReasonBook();
  for (let id = 0; id < 20_000; id += 1) book.note(place(`${id}`, 'flood'), 'queue-full');
  for (let server = 0; server < 1_000; server += 1) {
    book.note(place('1', `server ${server}`), 'prefix');
    book.note(place('2', `server ${server}`), null);
  }
  expect(book.size).toBe(20_000);
  for (let server = 0; server < 1_000; server += 1)
    expect(book.find(`server ${server}`, '1')?.outcome).toBe('prefix');
});

test('servers that have fallen silent are forgotten as a whole', () => {
  let now = 0;
  const book = new ReasonBook(() => now);
  for (let server = 0; server < 50; server += 1) book.note(place('1', `server ${server}`), 'prefix');
  now += 3_600_000;
  book.note(place('1', 'another'), 'prefix');
  expect(book.size).toBe(1);
});

test('the list is closed and has no doubles; a refusal carries its reason and words', () => {
  expect(new Set(REASONS).size).toBe(REASONS.length);
  const error = new Unsaid('queue-full', 'queue.full', { limit: 50 });
  expect(error).toMatchObject({ reason: 'queue-full', key: 'queue.full', params: { limit: 50 } });
});

test('what was read is counted, what was not by its reason, and stays so when it is forgotten', () => {
  let now = 0;
  const book = new ReasonBook(() => now);
  for (const [id, reason] of [
    ['1', 'queue-full'],
    ['2', 'queue-full'],
    ['3', 'repeated'],
    ['4', null],
  ] as const) {
    book.waiting(place(id));
    book.note(place(id), reason);
  }
  now += 7_200_000;
  book.note(place('5'), 'repeated');
  expect(book.size).toBe(1);
  expect(book.counts).toEqual({ 'queue-full': 2, repeated: 2, read: 1 });
});

test('a message that is deleted while it waits counts once, though its line is dropped as well', () => {
  const book = new ReasonBook();
  book.waiting(place('1'));
  for (let times = 0; times < 2; times += 1) book.note(place('1'), 'deleted');
  book.note(place('2'), 'deleted');
  expect(book.counts).toEqual({ deleted: 2 });
});
