import { expect, test } from 'vitest';
import {
  brokenSocket,
  endedEarly,
  failedToConnect,
  finishedBadly,
  refusedCall,
  refusedInBand,
  refusedUpgrade,
  retryAfterMs,
  withoutEcho,
} from '../../src/fish/refusal.ts';

const coded = (code: string) => Object.assign(new Error('words with a Bearer key'), { code });

test.each<[number, string, boolean]>([
  [400, 'request', false],
  [401, 'unauthorized', false],
  [402, 'payment', false],
  [403, 'forbidden', false],
  [404, 'not-found', false],
  [408, 'timeout', true],
  [418, 'rejected', false],
  [301, 'rejected', false],
  [422, 'request', false],
  [429, 'rate-limit', true],
  [500, 'server', true],
  [503, 'server', true],
])('an upgrade refused with %i is %s', (status, kind, retryable) => {
  const error = refusedUpgrade({ status, headers: {}, body: `{"status":${status}}` }, 'key');
  expect(error).toMatchObject({ kind, retryable, status, phase: 'connect', body: `{"status":${status}}` });
});

test('a call of the REST API is refused in the same words, but not while a socket is opened', () => {
  const refusal = { status: 422, headers: {}, body: '' };
  const { kind, message, phase } = refusedCall(refusal, 'key');
  expect([kind, message]).toEqual(['request', refusedUpgrade(refusal, 'key').message]);
  expect(phase).toBeUndefined();
});

test('a refusal keeps the body, but not the key in it, nor more than 500 characters', () => {
  const body = `key-123 is bad ${'x'.repeat(900)}`;
  const error = refusedUpgrade({ status: 401, headers: {}, body }, 'key-123');
  expect(error.body).toHaveLength(500);
  expect(`${JSON.stringify(error)} ${error.message}`).not.toContain('key-123');
});

test('429 says how many and when', () => {
  const headers = { 'retry-after': '2' };
  const error = refusedUpgrade({ status: 429, headers, body: '{"max_concurrency": 3}' }, 'key');
  expect(error).toMatchObject({ maxConcurrency: 3, retryAfterMs: 2_000 });
  const now = Date.parse('Tue, 24 Nov 2026 10:00:00 GMT');
  expect(retryAfterMs('Tue, 24 Nov 2026 10:00:30 GMT', now)).toBe(30_000);
  expect(retryAfterMs('Tue, 24 Nov 2026 09:00:00 GMT', now)).toBe(0);
  expect([retryAfterMs('soon'), retryAfterMs(undefined)]).toEqual([undefined, undefined]);
});

test('a connection that fails tells its code and nothing else', () => {
  const refused = failedToConnect(coded('ECONNREFUSED'));
  expect(refused).toMatchObject({ kind: 'network', retryable: true, phase: 'connect' });
  expect(refused.message).toContain('ECONNREFUSED');
  expect(refused.message).not.toContain('Bearer');
  expect(failedToConnect(new Error('Invalid Upgrade header')).kind).toBe('protocol');
  expect(brokenSocket(coded('ECONNRESET')).kind).toBe('network');
  expect(brokenSocket(coded('WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')).kind).toBe('protocol');
});

test.each<[string, string, boolean]>([
  ['Concurrency limit exceeded', 'rate-limit', true],
  ['Reference not found', 'rejected', false],
  ['Invalid opus bitrate 32. Supported bitrates: -1000, 24000', 'rejected', false],
  ['Internal error', 'rejected', true],
  ['', 'rejected', true],
])('in band, %j is %s', (message, kind, retryable) => {
  expect(refusedInBand({ type: 'error', message }, '')).toMatchObject({ kind, retryable });
  expect(refusedInBand({ type: 'finish', reason: 'error', message }, '')).toMatchObject({ kind, retryable });
});

test('max_concurrency is a rate limit whatever the words', () => {
  const error = refusedInBand({ type: 'error', message: 'slow down', maxConcurrency: 2 }, '');
  expect(error).toMatchObject({ kind: 'rate-limit', maxConcurrency: 2, retryable: true });
});

test('only finish with stop, after our stop and with audio, is good', () => {
  const finish = { type: 'finish', reason: 'stop' } as const;
  const session = { said: 'x', stopSent: true, sounded: true };
  expect(finishedBadly(finish, session)).toBeUndefined();
  expect(finishedBadly(finish, { ...session, sounded: false })?.kind).toBe('no-audio');
  expect(finishedBadly(finish, { ...session, stopSent: false })?.kind).toBe('protocol');
  expect(finishedBadly({ type: 'finish', reason: 'length' }, session)?.kind).toBe('rejected');
  expect(endedEarly({ code: 1000, reason: '', failure: undefined }, 'x')).toMatchObject({
    kind: 'closed',
    retryable: true,
  });
});

test.each<[code: number, reason: string, kind: string, retryable: boolean]>([
  [1008, '', 'rejected', true],
  [1008, 'policy violation', 'rejected', true],
  [4000, '', 'rejected', true],
  [1008, 'Concurrency limit exceeded', 'rate-limit', true],
  [4029, 'Too many sessions', 'rate-limit', true],
  [1008, 'Insufficient balance', 'payment', false],
  [1008, 'Invalid token', 'unauthorized', false],
  [1008, 'Invalid opus bitrate 32', 'rejected', false],
])('a close with %i and the reason %j is %s', (code, reason, kind, retryable) => {
  expect(endedEarly({ code, reason, failure: undefined }, 'Some words.')).toMatchObject({ kind, retryable });
});

test('a close tells of an unknown voice by its reason, and its reason never repeats what was said', () => {
  const close = (reason: string, said: string) =>
    endedEarly({ code: 1008, reason, failure: undefined }, said);
  expect(close('Reference not found', 'Some words.')).toMatchObject({ unknownVoice: true, retryable: false });
  expect(close('cannot say "behind the old mill"', 'Behind the old mill.').body).not.toMatch(/mill/);
  expect(close('', '').message).toContain('1008');
});

test('an answer that repeats what was said is withheld', () => {
  const said = 'Meet me behind the old mill at nine.';
  expect(withoutEcho('cannot say "Behind  the old MILL"', said)).not.toMatch(/mill/i);
  expect(withoutEcho('bad text: hi', 'hi')).not.toContain('hi');
  expect(withoutEcho('Reference not found', said)).toBe('Reference not found');
  expect(withoutEcho('Reference not found', '')).toBe('Reference not found');
});
