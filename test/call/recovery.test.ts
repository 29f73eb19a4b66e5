import { expect, test } from 'vitest';
import { Recovery } from '../../src/call/recovery.ts';
import { CALL_TIMINGS } from '../../src/call/timings.ts';

test('encryption that does not form: re-joins at growing pauses, told at the second, and an end', () => {
  const recovery = new Recovery();
  recovery.ready();
  const pauses: number[] = [];
  const told: boolean[] = [];
  for (;;) {
    const remedy = recovery.afterDeadline('encryption');
    if ('end' in remedy) {
      expect(remedy).toEqual({ end: 'encryption' });
      break;
    }
    expect(remedy.trouble).toBe('unencrypted');
    pauses.push(remedy.pauseMs);
    told.push(remedy.news ?? false);
    recovery.tried();
    recovery.asked();
  }
  expect(pauses).toHaveLength(CALL_TIMINGS.unencrypted.length);
  for (const [index, pause] of CALL_TIMINGS.unencrypted.entries()) {
    expect(pauses[index]).toBeGreaterThanOrEqual(0.8 * pause);
    expect(pauses[index]).toBeLessThanOrEqual(1.2 * pause);
  }
  expect(told.map((news, index) => (news ? index : null)).filter(index => index !== null)).toEqual([1]);
});

test('neither does what failed before use up the re-joins for want of encryption, nor the other way round', () => {
  const recovery = new Recovery();
  recovery.ready();
  for (let close = 0; close < 5; close += 1) {
    expect(recovery.afterClose(4006)).toHaveProperty('pauseMs');
    recovery.tried();
  }
  for (let deadline = 0; deadline < 8; deadline += 1) {
    expect(recovery.afterDeadline('encryption')).toHaveProperty('pauseMs');
    recovery.tried();
  }
  expect(recovery.attempts).toBe(5);
  expect(recovery.afterClose(4006)).toEqual({ end: 'closed' });
});

test('a join that the gateway could not take counts for nothing', () => {
  const recovery = new Recovery();
  recovery.ready();
  recovery.afterDeadline('encryption');
  for (let time = 0; time < 3; time += 1) {
    recovery.tried();
    expect(recovery.withoutGateway()).toHaveProperty('pauseMs');
  }
  recovery.afterClose(4006);
  recovery.tried(); // it is still the one for want of encryption
  expect(recovery.attempts).toBe(0);
  recovery.tried();
  recovery.withoutGateway();
  expect(recovery.attempts).toBe(0);
});

test('people are told again only when the bot has been heard for a while in between', () => {
  const recovery = new Recovery();
  recovery.ready();
  const news = () => {
    const remedies = [recovery.afterDeadline('encryption'), recovery.afterDeadline('encryption')];
    return remedies.filter(remedy => 'pauseMs' in remedy && remedy.news).length;
  };
  expect(news()).toBe(1);
  expect(recovery.trouble).toBe('unencrypted');
  recovery.heard();
  expect(recovery.trouble).toBeNull();
  expect(news()).toBe(0);
  recovery.heard();
  recovery.stable();
  expect(news()).toBe(1);
});

test('discovery unanswered after the bot was heard: once the quick re-joins are used up, as a dead path', () => {
  const recovery = new Recovery();
  recovery.ready();
  const remedies = Array.from({ length: 7 }, () => {
    const remedy = recovery.afterDeadline('udp');
    recovery.tried();
    return remedy;
  });
  expect(remedies.map(remedy => 'pauseMs' in remedy && (remedy.news ?? false))).toEqual([
    ...Array<boolean>(5).fill(false),
    true,
    false,
  ]);
  expect(recovery.trouble).toBe('unheard');
});

test('discovery unanswered at the first join is tried twice, and then it is an answer', () => {
  const recovery = new Recovery();
  expect(recovery.afterDeadline('udp')).toHaveProperty('pauseMs');
  recovery.tried();
  expect(recovery.afterDeadline('udp')).toEqual({ end: 'udp' });
});

test('no voice server is named: people are told once, after some seconds; the bot re-joins, and leaves in the end', () => {
  const recovery = new Recovery();
  recovery.ready();
  const told: boolean[] = [];
  for (let wait = 0; wait < 5; wait += 1) {
    const first = recovery.withoutServer();
    if ('end' in first) throw new Error('too early');
    expect(first.trouble).toBeUndefined(); // another one is usually named at once
    const then = first.next?.();
    expect(then).toMatchObject({ trouble: 'no-server' });
    told.push((then && 'news' in then && then.news) ?? false);
    recovery.tried();
    recovery.asked();
  }
  expect(told).toEqual([true, false, false, false, false]);
  expect(recovery.trouble).toBe('no-server');
  expect(recovery.withoutServer()).toEqual({ end: 'closed' });
  recovery.heard();
  expect(recovery.trouble).toBeNull();
  expect(recovery.withoutServer()).toHaveProperty('pauseMs');
});
