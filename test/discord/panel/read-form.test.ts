import { expect, test } from 'vitest';
import type { Control } from '../../../src/discord/panel/controls.ts';
import { PAGES, groupsOf } from '../../../src/discord/panel/pages.ts';
import { readForm } from '../../../src/discord/panel/read-form.ts';
import { presentIn, type Typed } from '../../../src/discord/panel/typed.ts';
import { translator } from '../../../src/locale/catalogue.ts';
import { guildDefaults, guildSettings, type GuildSettings } from '../../../src/settings/guild.ts';

const t = translator('en');
const id = (n: number) => String(10n ** 18n + BigInt(n));
/** Channels 1 to 9 are there; others are gone, or archived threads. Roles 1 to 9 are there. */
const isThere = (given: string) => Array.from({ length: 9 }, (_, n) => id(n + 1)).includes(given);
const possible = { isReadable: isThere, isHidden: () => false, isRole: isThere };

/** Opens the form of one setting, has somebody change its fields, and returns what is new then. */
function changed(setting: Control['setting'], settings: GuildSettings, typed: Typed) {
  const group = PAGES.flatMap(page => groupsOf(page, undefined)).find(({ controls }) =>
    controls.some(control => control.setting === setting),
  );
  if (!group) throw new Error(`no group has ${setting}`);
  const opened = presentIn(group, settings, possible, t);
  const read = readForm({
    group,
    opened,
    typed: { ...opened, ...typed },
    settings,
    possible,
    words: { t, usdPerMillionBytes: 15 },
  });
  expect(read.problems).toEqual([]);
  return { opened, change: read.change };
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

test('a voice is once among those of newcomers, however often it is given', () => {
  expect(guildSettings.shape.newcomerVoices.parse(['a'.repeat(32), 'b'.repeat(32), 'a'.repeat(32)])).toEqual([
    'a'.repeat(32),
    'b'.repeat(32),
  ]);
});
