import { expect, test } from 'vitest';
import { isFailure } from '../../../src/discord/chat/failure-marks.ts';
import { REASONS } from '../../../src/speech/reasons.ts';

test('what failed is marked, and nothing that somebody wanted silent or that was not to be read', () => {
  expect(REASONS.filter(isFailure)).toEqual([
    'server-cap',
    'budget',
    'budget-unknown',
    'not-joined',
    'failed',
    'fish-key',
    'fish-credit',
    'fish-busy',
    'fish-trouble',
    'fish-silent',
    'fish-refused',
    'fish-no-audio',
    'fish-unknown-voice',
  ]);
});
