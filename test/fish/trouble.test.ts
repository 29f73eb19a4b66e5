import { expect, test } from 'vitest';
import { FishError, type FishErrorDetails, type FishErrorKind } from '../../src/fish/errors.ts';
import { type FishTrouble, troubleOf, wordsFor } from '../../src/fish/trouble.ts';

test.each<[string, FishErrorKind, FishErrorDetails, FishTrouble]>([
  ['Fish says that the request is wrong', 'rejected', { retryable: false }, 'refused'],
  ['Fish gave up for a reason of its own', 'rejected', { retryable: true }, 'trouble'],
  ['Fish gave up on others, and was not asked', 'rejected', { retryable: false, notAsked: true }, 'trouble'],
  ['Fish had nothing to say', 'no-audio', {}, 'no-audio'],
  ['Fish had nothing to say to others, and was not asked', 'no-audio', { notAsked: true }, 'trouble'],
  ['no socket is opened (404)', 'not-found', { phase: 'connect' }, 'trouble'],
  ['no socket is opened (400, 422)', 'request', { phase: 'connect' }, 'trouble'],
  [
    'a redirect or a page in place of a socket',
    'rejected',
    { phase: 'connect', retryable: false },
    'trouble',
  ],
  ['the key may not do this', 'forbidden', { phase: 'connect' }, 'key'],
  ['Fish does not know the voice', 'rejected', { unknownVoice: true }, 'unknown-voice'],
])('%s: what people are told', (_, kind, details, trouble) => {
  expect(troubleOf(new FishError(kind, 'it failed', details))).toBe(trouble);
});

test('the operator is told what to do where something else answers in place of Fish Audio', () => {
  const page = new FishError('rejected', 'Fish Audio did not open the socket (HTTP 302)', {
    phase: 'connect',
  });
  expect(wordsFor(page)).toMatch(/HTTP 302\): check FISH_API_URL/);
  expect(wordsFor(new FishError('rejected', 'Fish Audio gave up'))).toBe('Fish Audio gave up');
});
