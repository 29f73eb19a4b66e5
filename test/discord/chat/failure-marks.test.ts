import type { Message } from 'discord.js';
import { expect, test } from 'vitest';
import { FailureMarks, isFailure } from '../../../src/discord/chat/failure-marks.ts';
import { createLog } from '../../../src/log.ts';
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

test('a message whose channel or server is gone is not marked, and nothing else comes of it', async () => {
  const marks = new FailureMarks(createLog('silent', []));
  const gone = { guild: null, channel: null, guildId: 'g', id: 'm' } as unknown as Message<true>;
  await marks.ended(gone, 'failed', { failureMark: true });
});
