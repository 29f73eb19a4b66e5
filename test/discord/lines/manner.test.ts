import { expect, test } from 'vitest';
import { type MannerQuestion, mannerOf } from '../../../src/discord/lines/manner.ts';
import { guildDefaults } from '../../../src/settings/guild.ts';
import { personDefaults } from '../../../src/settings/person.ts';

const question: MannerQuestion = {
  userId: 'ana',
  byBot: false,
  given: undefined,
  person: { ...personDefaults, voice: 'mine' },
  settings: { ...guildDefaults, voice: 'servers' },
  channelVoice: null,
  language: 'en',
  guildVoice: 'servers',
  people: new Map(),
  process: { voice: undefined, latency: 'balanced' },
};

test('one’s own voice tells who speaks, unless it may be another’s', () => {
  const telling = (parts: Partial<MannerQuestion>) => mannerOf({ ...question, ...parts }).telling;
  const { settings } = question;
  expect(telling({})).toBe(true);
  expect(telling({ person: undefined })).toBe(false);
  expect(telling({ given: 'another' })).toBe(false);
  expect(telling({ people: new Map([['ben', { ...personDefaults, voice: 'mine' }]]) })).toBe(false);
  expect(telling({ guildVoice: 'mine' })).toBe(false);
  expect(telling({ channelVoice: 'mine' })).toBe(false);
  expect(telling({ settings: { ...settings, newcomerVoices: ['mine'] } })).toBe(false);
  expect(telling({ settings: { ...settings, botVoices: { bot: 'mine' } } })).toBe(false);
  expect(telling({ settings: { ...settings, voices: { ja: 'mine' } } })).toBe(false);
  const channels = [{ id: '1', addedBy: 'admin' as const, voice: 'mine' }];
  expect(telling({ settings: { ...settings, channels } })).toBe(false);
  expect(telling({ person: undefined, settings: { ...settings, newcomerVoices: ['new'] } })).toBe(false);
});

test('a channel’s voice that somebody may not use leaves them the voices they would have without it', () => {
  const settings = { ...question.settings, voice: 'another’s', newcomerVoices: ['new'] };
  const parts = {
    person: undefined,
    channelVoice: 'another’s',
    mayUse: (voice: string) => voice !== 'another’s',
  };
  expect(mannerOf({ ...question, ...parts, settings }).manner.voice).toBe('new');
  const noNewcomers = { ...settings, newcomerVoices: [] };
  expect(mannerOf({ ...question, ...parts, settings: noNewcomers }).manner.voice).toBe('servers');
});

test('a language’s voice is for those whom nothing nearer gives one, and falls back to the server’s', () => {
  const settings = { ...question.settings, voices: { ja: 'japanese' } };
  const voice = (parts: Partial<MannerQuestion>) =>
    mannerOf({ ...question, person: undefined, language: 'ja', settings, ...parts }).manner.voice;
  expect(voice({})).toBe('japanese');
  expect(voice({ language: 'de' })).toBe('servers');
  expect(voice({ language: 'constructor' })).toBe('servers');
  expect(voice({ person: question.person })).toBe('mine');
  expect(voice({ given: 'asked' })).toBe('asked');
  expect(voice({ channelVoice: 'channels' })).toBe('channels');
  expect(voice({ settings: { ...settings, newcomerVoices: ['new'] } })).toBe('new');
  expect(voice({ settings: { ...settings, botVoices: { ana: 'bots' } }, byBot: true })).toBe('bots');
  expect(voice({ mayUse: voice => voice !== 'japanese' })).toBe('servers');
  const { manner } = mannerOf({ ...question, language: 'ja', settings });
  expect(manner.instead).toEqual(['japanese', 'japanese', 'servers', undefined, undefined]);
});
