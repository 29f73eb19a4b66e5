import { expect, test } from 'vitest';
import { GoneNotices } from '../../../src/discord/voices/gone-notices.ts';
import { guildDefaults } from '../../../src/settings/guild.ts';

const settings = {
  ...guildDefaults,
  voice: 'servers',
  voices: { ja: 'japanese' },
  newcomerVoices: ['new'],
  botVoices: { '9': 'of a bot' },
  channels: [{ id: '1', addedBy: 'admin' as const, voice: 'channels' }],
};

test('one’s own voice is told to each person, a voice that the server has set only once', () => {
  const gone = new GoneNotices(voice => `the voice ${voice}`);
  const told = (voice: string, userId: string) =>
    gone.next({ guildId: 'g', userId, voice, failure: 'gone', settings })?.key;
  expect([told('mine', 'ana'), told('mine', 'ana'), told('mine', 'ben')]).toEqual([
    'voice.gone-own',
    undefined,
    'voice.gone-own',
  ]);
  for (const voice of ['servers', 'japanese', 'new', 'of a bot', 'channels'])
    expect([told(voice, 'ana'), told(voice, 'ben')], voice).toEqual(['voice.gone-server', undefined]);
});
