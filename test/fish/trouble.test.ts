import { expect, test } from 'vitest';
import { FishError, type FishErrorDetails, type FishErrorKind } from '../../src/fish/errors.ts';
import { type FishTrouble, troubleOf } from '../../src/fish/trouble.ts';

test.each<[string, FishErrorKind, FishErrorDetails, FishTrouble]>([
  ['Fish says that the request is wrong', 'rejected', { retryable: false }, 'refused'],
  ['Fish gave up for a reason of its own', 'rejected', { retryable: true }, 'trouble'],
  ['Fish gave up on others, and was not asked', 'rejected', { retryable: false, notAsked: true }, 'trouble'],
  ['Fish had nothing to say', 'no-audio', {}, 'no-audio'],
  ['Fish had nothing to say to others, and was not asked', 'no-audio', { notAsked: true }, 'trouble'],
  ['Fish does not know the voice', 'rejected', { unknownVoice: true }, 'unknown-voice'],
])('%s: what people are told', (_, kind, details, trouble) => {
  expect(troubleOf(new FishError(kind, 'it failed', details))).toBe(trouble);
});
