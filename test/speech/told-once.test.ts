import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { FishError } from '../../src/fish/errors.ts';
import { type DropNotice, DropNotices } from '../../src/speech/drop-notices.ts';
import { Unsaid } from '../../src/speech/reasons.ts';
import { ToldOnce } from '../../src/speech/told-once.ts';
import { until } from '../support/until.ts';

test('what happens again and again is news once, until it has not happened for a while', () => {
  const clock = { now: 0 };
  const told = new ToldOnce({ quietMs: 60_000, now: () => clock.now });
  const news = (key: string, afterMs: number) => {
    clock.now += afterMs;
    return told.isNews(key);
  };
  expect([news('a', 0), news('a', 1), news('b', 1), news('a', 50_000), news('a', 50_000)]).toEqual([
    true,
    false,
    true,
    false,
    false,
  ]);
  expect(news('a', 60_000)).toBe(true);
  expect(news('b', 0)).toBe(true);
});

test('it is bounded, and forgets the oldest first', () => {
  const told = new ToldOnce({ quietMs: 60_000 });
  for (let number = 0; number < 12_000; number += 1) told.isNews(`${number}`);
  expect(told.isNews('11999')).toBe(false);
  expect(told.isNews('0')).toBe(true);
});

const full = new Unsaid('person-full', 'queue.person-full', { limit: 5 });
const repeated = new Unsaid('repeated', 'queue.repeated');

interface State {
  outage: { error: FishError; since: number } | null;
  failingSince: number | null;
}

function room(everyMs = 60_000) {
  const circuit: State = { outage: null, failingSince: null };
  const drops = new DropNotices({ circuit, everyMs, lookMs: 20 });
  const notices: (readonly DropNotice[])[] = [];
  /** Where they were told. */
  const channels: string[] = [];
  const by = (userId: string, guildId = '1', channelId = `${guildId}0`) => ({
    guildId,
    channelId,
    userId,
    who: `<@${userId}>`,
    held: false,
    tell: (lines: readonly DropNotice[]) => {
      notices.push(lines);
      channels.push(channelId);
    },
  });
  return { circuit, drops, notices, channels, by };
}

test('one notice an episode for each person and reason; none for what the server has chosen', async () => {
  const { drops, notices, by } = room(0);
  for (let i = 0; i < 9; i += 1) await drops.refused(by('ana'), full);
  await drops.refused(by('ana'), new Unsaid('server-cap', 'cap.server', { bytes: 1 }));
  expect(notices).toEqual([[{ key: 'queue.person-full', params: { limit: 5 }, to: ['<@ana>'] }]]);
});

test('a channel gets one notice in a while; what came meanwhile stands together in the next', async () => {
  const { drops, notices, by } = room(200);
  const capped = new Unsaid('person-cap', 'cap.person', { bytes: 40 });
  await drops.refused(by('ana'), capped);
  const all = ['ben', 'cat'].map(person => drops.refused(by(person), capped));
  for (let i = 0; i < 20; i += 1) all.push(drops.refused(by(`user${i}`), repeated));
  all.push(drops.refused(by('ana', '2'), repeated)); // another guild is told at once
  await Promise.all(all);
  expect(notices.map(lines => lines.map(({ to }) => to))).toEqual([[['<@ana>']], [['<@ana>']]]);
  await until('the next', () => notices.length > 2);
  expect(notices[2]?.map(({ key, to }) => [key, to])).toEqual([
    ['cap.person', ['<@ben>', '<@cat>']],
    ['queue.repeated', ['<@user0>', '<@user1>', '<@user2>', '<@user3>', '<@user4>', '…']],
  ]);
  await sleep(500);
  expect(notices).toHaveLength(3);
});

test('a full queue is full for all: one is named, and it is told once', async () => {
  const { drops, notices, by } = room();
  const why = new Unsaid('queue-full', 'queue.full', { limit: 50 });
  for (const person of ['ana', 'ben', 'cat']) await drops.refused(by(person), why);
  expect(notices).toHaveLength(1);
});

test('a line that failed is told, and that too many wait, but not where all of Fish Audio fails or nobody hears the bot: that is told elsewhere', async () => {
  const { circuit, drops, notices, by } = room();
  circuit.outage = { error: new FishError('payment', 'no credit'), since: 0 };
  await drops.failed(by('ana'), new UserError('fish.credit'));
  await drops.refused(by('ana'), full);
  await drops.refused({ ...by('dan'), held: true }, full);
  circuit.outage = null;
  circuit.failingSince = 1; // it may be the beginning of one
  const told = drops.failed(by('ben'), new UserError('fish.trouble'));
  await sleep(50);
  expect(notices).toEqual([]);
  circuit.failingSince = null;
  await told;
  await drops.failed(by('cat'), new Unsaid('budget', 'cap.budget'));
  expect(notices).toEqual([[{ key: 'fish.trouble', params: {}, to: ['<@ben>'] }]]);
});

test('people are told where they wrote, whoever is told in another channel meanwhile', async () => {
  const { drops, notices, channels, by } = room(200);
  for (const person of ['ana', 'ben']) await drops.refused(by(person, '1', '10'), repeated);
  for (const person of ['cat', 'dan']) await drops.refused(by(person, '1', '20'), repeated);
  await until('all are told', () => notices.length === 4);
  expect(notices.map(([line], index) => [channels[index], line?.to])).toEqual([
    ['10', ['<@ana>']],
    ['20', ['<@cat>']],
    ['10', ['<@ben>']],
    ['20', ['<@dan>']],
  ]);
});

test('when the process ends, all whose messages are dropped are told, together and at once, also after another notice', async () => {
  const { circuit, drops, notices, by } = room();
  circuit.failingSince = 1; // it may be the beginning of an outage, which the process will not see
  await drops.refused(by('ana'), repeated);
  for (const person of ['ana', 'ben', 'cat']) void drops.failed(by(person), new UserError('restarting'));
  await until('they are told', () => notices.length > 1);
  await drops.refused(by('dan'), new Unsaid('restarting', 'restarting'));
  await drops.refused(by('eve'), repeated);
  drops[Symbol.dispose]();
  expect(notices.map(lines => lines.map(({ key, to }) => [key, to]))).toEqual([
    [['queue.repeated', ['<@ana>']]],
    [['restarting', ['<@ana>', '<@ben>', '<@cat>']]],
    [
      ['restarting', ['<@dan>']],
      ['queue.repeated', ['<@eve>']],
    ],
  ]);
  await sleep(50);
  expect(notices).toHaveLength(3);
});
