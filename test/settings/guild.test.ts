import { describe, expect, test, vi } from 'vitest';
import { labelOf } from '../../src/discord/panel/controls.ts';
import { groupView } from '../../src/discord/panel/group-view.ts';
import { GROUPS } from '../../src/discord/panel/pages.ts';
import { settingsFile } from '../../src/discord/settings/file-format.ts';
import { translator, UI_LANGUAGES } from '../../src/locale/catalogue.ts';
import { CHANNEL_SETTINGS } from '../../src/settings/channel.ts';
import { type GuildSettings, guildDefaults, guildSettings, settingsIn } from '../../src/settings/guild.ts';
import { plainWords } from '../support/plain-words.ts';
import { describeStores, GUILD } from '../support/store.ts';

// Databases take what they take on a loaded machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const CHANNEL = '123456789012345678';
const ROLE = '223456789012345678';
const VOICE = '0123456789abcdef0123456789abcdef';

/** Each setting with a value that is not its default. */
const CHANGED: GuildSettings = {
  channels: [{ id: CHANNEL, addedBy: 'admin', whose: 'muted', links: 'skip' }],
  voice: VOICE,
  speed: 1.5,
  volume: -3,
  latency: 'low',
  temperature: 0.5,
  announce: 'never',
  requireVoice: false,
  whose: 'optin',
  role: ROLE,
  notRole: ROLE,
  threads: true,
  bots: true,
  skipPrefix: '; t! p!tts',
  emoji: 'skip',
  links: 'word',
  tags: true,
  maxSeconds: 60,
  language: 'ja',
  bounds: { speed: [0.8, 1.5], volume: [-3, 3], temperature: [0, 0.5] },
  blockedWords: ['foo', 'two words', '禁句'],
  priorityRole: ROLE,
  botVoices: { [ROLE]: VOICE },
  newcomerVoices: [VOICE],
  voices: { ja: VOICE, de: VOICE },
  autoJoin: true,
  follow: true,
  arrivals: 'all',
  channelStatus: true,
  failureMark: true,
  leaveAfter: 90,
  skipOthers: false,
  cache: false,
  clone: true,
  ask: true,
  askRole: ROLE,
  dictionaryBy: ROLE,
  messageBytes: 500,
  personBytesPerMinute: 2_000,
  serverBytesPerDay: 100_000,
};

const names = Object.keys(guildSettings.shape) as (keyof GuildSettings)[];

test.each(names)('%s has a value here that is not its default', name => {
  expect(CHANGED[name]).not.toEqual(guildDefaults[name]);
});

test('the file of the settings has each of them, and gives it back', () => {
  const words = new Map<string, string>();
  const file = settingsFile.write({ settings: CHANGED, words });
  expect(Object.keys(JSON.parse(file.toString()) as object)).toEqual(expect.arrayContaining(names));
  expect(settingsFile.read(file, { settings: guildDefaults, words }).settings).toEqual(CHANGED);
});

describeStores(create => {
  test('the database has each setting, also after a restart', async () => {
    await using database = await create();
    {
      await using store = await database.open();
      await store.saveSettings(GUILD, CHANGED);
    }
    await using store = await database.open();
    expect((await store.guild(GUILD)).settings).toEqual(CHANGED);
  });
});

describe.each(UI_LANGUAGES)('in %s', language => {
  const words = plainWords(translator(language));

  test.each(GROUPS)('the panel has the group $name in words', group => {
    for (const settings of [guildDefaults, CHANGED]) {
      const shown = JSON.stringify(groupView(settings, group, undefined, words));
      for (const control of group.controls) expect(shown).toContain(words.t(labelOf(control)));
      expect(shown, 'a key that is no text').not.toMatch(/setting\.[a-z]/);
    }
  });
});

test('a channel may have all that is about reading otherwise, and nothing else', () => {
  const own = { id: CHANNEL, addedBy: 'admin' as const, whose: 'muted' as const, threads: true };
  const settings = { ...guildDefaults, channels: [own] };
  expect(settingsIn(settings, CHANNEL)).toMatchObject({ whose: 'muted', threads: true, links: 'site' });
  for (const name of ['whose', 'notRole', 'threads', 'links', 'skipPrefix'])
    expect(CHANNEL_SETTINGS.has(name), name).toBe(true);
  for (const name of ['blockedWords', 'arrivals', 'follow', 'channelStatus', 'failureMark'])
    expect(CHANNEL_SETTINGS.has(name), name).toBe(false);
});
