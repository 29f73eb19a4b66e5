import { expect, test } from 'vitest';
import { gate, type MessageFacts } from '../../../src/discord/chat/gate.ts';
import { guildDefaults, type GuildSettings } from '../../../src/settings.ts';

/** A message that is read. */
const READ: MessageFacts = {
  ordinary: true,
  byBot: false,
  silent: false,
  content: 'hello',
  hasMore: false,
  contentVisible: true,
  here: true,
  channel: 'admin',
  hiddenFromSome: () => false,
  inVoice: true,
  optedOut: false,
  roleIds: new Set(),
  settings: guildDefaults,
};

const withSettings = (settings: Partial<GuildSettings>) => ({
  ...READ,
  settings: { ...guildDefaults, ...settings },
});

test('an ordinary message is read', () => {
  expect(gate(READ)).toBeNull();
});

test.each([
  [';', '; no', 'prefix'],
  [';', 'no ;', null],
  ['; t! p!tts', 't!play', 'prefix'],
  ['; t! p!tts', 'p!tts hello', 'prefix'],
  ['; t! p!tts', 'p! hello', null],
  ['  ;   !  ', '!x', 'prefix'],
  ['；', '；だめ', 'prefix'],
  ['', ' x', null],
  ['   ', ' x', null],
])('prefixes %j, message %j: %s', (skipPrefix, content, reason) => {
  expect(gate({ ...withSettings({ skipPrefix }), content })).toBe(reason);
});
