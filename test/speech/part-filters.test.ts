import { expect, test } from 'vitest';
import type { Line } from '../../src/speech/line.ts';
import { inChannels, meantFor, withIds, writtenBy } from '../../src/speech/part-filters.ts';
import { type PartFilter, QueuedLine } from '../../src/speech/queued-line.ts';
import { lineOf } from '../support/lines.ts';

function selects(which: PartFilter, parts: Partial<Line>): boolean {
  const line = lineOf('One.', parts);
  return which(line, new QueuedLine([line], { priority: false }));
}

test('what somebody wrote is their chat, and what others have read aloud of theirs, but not what they ask for', () => {
  const byAna = writtenBy('ana');
  expect(selects(byAna, { userId: 'ana' })).toBe(true);
  expect(selects(byAna, { userId: 'ben' })).toBe(false);
  const readAloud = { source: 'command', messageId: '1', speakerId: 'ana' } as const;
  expect(selects(byAna, { ...readAloud, userId: 'ben' })).toBe(true);
  expect(selects(byAna, { ...readAloud, userId: 'ana' })).toBe(false);
  expect(selects(byAna, { source: 'command', userId: 'ana' })).toBe(false);
  expect(selects(writtenBy('ben'), { ...readAloud, userId: 'ben' })).toBe(false);
});

test('messages are selected by id, and by channel; a line without these is not', () => {
  expect(selects(withIds(new Set(['1', '2'])), { messageId: '2' })).toBe(true);
  expect(selects(withIds(new Set(['1', '2'])), { messageId: '3' })).toBe(false);
  expect(selects(withIds(new Set(['1'])), {})).toBe(false);
  expect(selects(inChannels(new Set(['7'])), { channelId: '7' })).toBe(true);
  expect(selects(inChannels(new Set(['7'])), { channelId: '8' })).toBe(false);
  expect(selects(inChannels(new Set(['7'])), {})).toBe(false);
});

test('chat is selected by where it was written, and what a command has said by where it was to be said, and for whom', () => {
  const which = meantFor(
    channelId => channelId === '7',
    (voiceChannelId, userId) => voiceChannelId === '8' && userId === 'ana',
  );
  const chat = { source: 'chat', userId: 'ana' } as const;
  const command = { source: 'command', userId: 'ana' } as const;
  expect(selects(which, { ...chat, channelId: '7' })).toBe(true);
  expect(selects(which, { ...chat, channelId: '9', voiceChannelId: '8' })).toBe(false);
  expect(selects(which, { ...command, voiceChannelId: '8' })).toBe(true);
  expect(selects(which, { ...command, voiceChannelId: '8', userId: 'ben' })).toBe(false);
  expect(selects(which, { ...command, voiceChannelId: '9', channelId: '7' })).toBe(false);
  expect(selects(which, chat) || selects(which, command)).toBe(false);
});
