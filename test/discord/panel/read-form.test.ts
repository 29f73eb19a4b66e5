import { expect, test } from 'vitest';
import type { Control } from '../../../src/discord/panel/controls.ts';
import { groupsOf, PAGES } from '../../../src/discord/panel/pages.ts';
import { readForm } from '../../../src/discord/panel/read-form.ts';
import { presentIn, type Typed } from '../../../src/discord/panel/typed.ts';
import { translator } from '../../../src/locale/catalogue.ts';
import { type GuildSettings, guildDefaults, guildSettings } from '../../../src/settings/guild.ts';

const t = translator('en');
const id = (n: number) => String(10n ** 18n + BigInt(n));
/** Channels 1 to 9 are there; others are gone, or archived threads. Roles 1 to 9 are there. */
const isThere = (given: string) => Array.from({ length: 9 }, (_, n) => id(n + 1)).includes(given);
const possible = { isReadable: isThere, isHidden: () => false, isRole: isThere };

/** Opens the form of one setting, has somebody change its fields, and returns what is read from it. */
function read(setting: Control['setting'], settings: GuildSettings, typed: Typed) {
  const group = PAGES.flatMap(page => groupsOf(page, undefined)).find(({ controls }) =>
    controls.some(control => control.setting === setting),
  );
  if (!group) throw new Error(`no group has ${setting}`);
  const opened = presentIn(group, settings, possible, t);
  const form = readForm({
    group,
    opened,
    typed: { ...opened, ...typed },
    settings,
    possible,
    words: { t, usdPerMillionBytes: 15 },
  });
  return { opened, ...form };
}

/** The same where nothing that they typed is wrong. */
function changed(...given: Parameters<typeof read>) {
  const { problems, ...rest } = read(...given);
  expect(problems).toEqual([]);
  return rest;
}

test('a channel that /join has added becomes one of the administrators only when it is chosen', () => {
  const channels = [
    { id: id(1), addedBy: 'admin' as const },
    { id: id(2), addedBy: 'join' as const, speed: 1.5 },
  ];
  const settings = { ...guildDefaults, channels };
  const { opened, change } = changed('channels', settings, { channels: [id(1), id(3)] });
  expect(opened['channels']).toEqual([id(1)]);
  expect(change.channels).toEqual([channels[0], { id: id(3), addedBy: 'admin' }, channels[1]]);
  expect(changed('channels', settings, { channels: [id(1), id(2)] }).change.channels).toEqual([
    channels[0],
    { ...channels[1], addedBy: 'admin' },
  ]);
});

test('a channel that the bot does not know, such as an archived thread, stays while there is room', () => {
  const unknown = Array.from({ length: 49 }, (_, n) => ({ id: id(100 + n), addedBy: 'admin' as const }));
  const settings = { ...guildDefaults, channels: unknown };
  const one = changed('channels', settings, { channels: [id(1)] }).change.channels;
  expect(one).toHaveLength(50);
  const two = changed('channels', settings, { channels: [id(1), id(2)] }).change.channels;
  expect(two?.map(channel => channel.id)).toEqual([id(1), id(2)]);
});

test.each(['role', 'notRole', 'priorityRole', 'askRole'] as const)(
  'a deleted role is cleared: %s',
  setting => {
    const settings = { ...guildDefaults, [setting]: id(50) };
    expect(changed(setting, settings, {}).change).toEqual({ [setting]: null });
    expect(changed(setting, { ...guildDefaults, [setting]: id(5) }, {}).change).toEqual({});
  },
);

test.each([
  ['too many', Array.from({ length: 101 }, (_, n) => `w${n}`).join('\n')],
  ['too long', 'x'.repeat(65)],
  ['too long in all', Array.from({ length: 40 }, (_, n) => `${n}`.padEnd(60, 'x')).join('\n')],
])('blocked words that are %s are refused with what is possible', (_what, blockedWords) => {
  const { change, problems } = read('blockedWords', guildDefaults, { blockedWords });
  expect(change).toEqual({});
  expect(problems).toEqual(['**Blocked words**: at most 100, of up to 64 characters each and 2,000 in all']);
});

test('a voice is once among those of newcomers, however often it is given', () => {
  expect(guildSettings.shape.newcomerVoices.parse(['a'.repeat(32), 'b'.repeat(32), 'a'.repeat(32)])).toEqual([
    'a'.repeat(32),
    'b'.repeat(32),
  ]);
});
