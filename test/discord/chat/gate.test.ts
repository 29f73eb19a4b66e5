import { expect, test } from 'vitest';
import { gate, type MessageFacts } from '../../../src/discord/chat/gate.ts';
import { type GuildSettings, guildDefaults } from '../../../src/settings/guild.ts';

/** A message that is read. */
const READ: MessageFacts = {
  ordinary: true,
  byBot: false,
  silent: false,
  content: 'hello',
  hasMore: false,
  holdsBlockedWord: () => false,
  contentVisible: true,
  here: true,
  channel: 'admin',
  hiddenFromSome: () => false,
  inVoice: true,
  muted: false,
  optedOut: false,
  optedIn: false,
  ignored: false,
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
  expect(gate({ ...withSettings({ skipPrefix }), content })?.reason ?? null).toBe(reason);
});

const ROLE = '123456789012345678';
const has = { roleIds: new Set([ROLE]) };
const bot = { byBot: true, inVoice: false };

/** What is told of the message, and what exactly stood against it. */
const told = (facts: Partial<MessageFacts>, settings: Partial<GuildSettings> = {}) => {
  const { reason = null, detail } = gate({ ...withSettings(settings), ...facts }) ?? {};
  return detail === undefined ? reason : `${reason} ${detail}`;
};

test.each<[string | null, Partial<MessageFacts>, Partial<GuildSettings>?]>([
  // channels and threads
  ['channel', { channel: null }],
  ['thread', { channel: 'thread-off' }],
  ['not-here', { here: false }],
  ['private-channel', { channel: 'join', hiddenFromSome: () => true }],
  [null, { channel: 'admin', hiddenFromSome: () => true }],
  // bots
  ['bot', bot],
  [null, bot, { bots: true }],
  [null, bot, { bots: true, role: ROLE, whose: 'optin' }],
  [`excluded-role ${ROLE}`, { ...bot, ...has }, { bots: true, notRole: ROLE }],
  ['ignored', { ...bot, ignored: true }, { bots: true }],
  ['blocked-word', { ...bot, holdsBlockedWord: () => true }, { bots: true }],
  // people
  ['opted-out', { optedOut: true }],
  ['opted-out', { optedOut: true, optedIn: true }, { whose: 'optin' }],
  ['opted-out', { optedOut: true, ignored: true }],
  ['ignored', { ignored: true, optedIn: true }, { whose: 'optin' }],
  [`role ${ROLE}`, {}, { role: ROLE }],
  [null, has, { role: ROLE }],
  [`excluded-role ${ROLE}`, has, { notRole: ROLE }],
  [null, {}, { notRole: ROLE }],
  [`excluded-role ${ROLE}`, has, { role: ROLE, notRole: ROLE }],
  ['not-muted', {}, { whose: 'muted' }],
  [null, { muted: true }, { whose: 'muted' }],
  ['not-in-voice', { inVoice: false, muted: true }, { whose: 'muted' }],
  ['not-muted', { inVoice: false }, { whose: 'muted', requireVoice: false }],
  ['not-opted-in', {}, { whose: 'optin' }],
  ['not-opted-in', { inVoice: false }, { whose: 'optin' }],
  [null, { optedIn: true }, { whose: 'optin' }],
  [null, { muted: true, optedIn: true }],
  ['not-in-voice', { inVoice: false }],
  [null, { inVoice: false }, { requireVoice: false }],
  // what was written
  ['system', { ordinary: false }],
  ['silent', { silent: true }],
  ['prefix t!', { content: 't!skip' }, { skipPrefix: '; t!' }],
  ['blocked-word', { holdsBlockedWord: () => true }],
  ['nothing', { content: '' }],
  ['no-content', { content: '', contentVisible: false }],
  [null, { content: '', hasMore: true }],
])('%s: %j with %j', (reason, facts, settings = {}) => {
  expect(told(facts, settings)).toBe(reason);
});
