import { expect, test } from 'vitest';
import { type SheetFacts, sheetOf } from '../../../src/discord/voices/voice-sheet.ts';
import { translator, UI_LANGUAGES } from '../../../src/locale/catalogue.ts';
import { guildDefaults } from '../../../src/settings/guild.ts';
import { type PersonSettings, personDefaults } from '../../../src/settings/person.ts';

const CHANNEL = '100000000000000001';
const PLAIN = { speed: 1, volume: 0, latency: 'balanced', temperature: null, voice: undefined } as const;

interface Case {
  readonly person?: Partial<PersonSettings>;
  readonly settings?: Partial<SheetFacts['settings']>;
  readonly channel?: object;
  readonly manner?: Partial<SheetFacts['manner']>;
  readonly favourites?: readonly string[];
}

function sheet({ person, settings, channel, manner, favourites = [] }: Case = {}, locale = 'en'): string {
  const facts = {
    person: { ...personDefaults, ...person },
    settings: { ...guildDefaults, ...settings },
    channel: channel && { id: CHANNEL, addedBy: 'admin' as const, ...channel },
    manner: { ...PLAIN, ...manner },
    voiceName: manner?.voice && `**${manner.voice}**`,
    spokenName: 'Ana',
    favourites,
  };
  return sheetOf(facts, translator(locale));
}

test('of somebody who has chosen nothing', () => {
  expect(sheet().split('\n')).toEqual([
    "Voice: Fish Audio's usual voice (nobody has chosen another)",
    "Speed: 1 (the server's)",
    "Volume: 0 dB (the server's)",
    "Liveliness: standard (Fish Audio's)",
    'Quick start or good sound: Balanced (my usual one)',
    'Your name, as I say it: Ana (as it is written)',
  ]);
});

test('of somebody who has chosen all, with the bounds of the server', () => {
  const chosen = { voice: 'mine', speed: 2, volume: 3, latency: 'low', temperature: 0.5, name: 'A' } as const;
  const manner = { ...chosen, speed: 1.5 };
  expect(sheet({ person: chosen, manner, favourites: ['**a**', '**b**'] }).split('\n')).toEqual([
    'Voice: **mine** (your choice)',
    'Speed: 1.5 (your choice, as far as this server allows)',
    'Volume: 3 dB (your choice)',
    'Liveliness: 0.5 (your choice)',
    'Quick start or good sound: Quickest start (your choice)',
    'Your name, as I say it: Ana (your choice)',
    'Your favourites: **a**, **b**',
  ]);
});

test.each<[string, Case]>([
  ["the server's", { settings: { voice: 'x' }, manner: { voice: 'x' } }],
  ['set for this channel', { settings: { voice: 'y' }, channel: { voice: 'x' }, manner: { voice: 'x' } }],
  [
    "one of this server's for those who have chosen none",
    { settings: { newcomerVoices: ['y', 'x'], voice: 'z' }, manner: { voice: 'x' } },
  ],
  [
    "the server's for this language",
    { settings: { voices: { de: 'x' }, voice: 'y' }, manner: { voice: 'x' } },
  ],
  ['my usual one', { manner: { voice: 'x' } }],
  // A voice that the person has chosen but may not use any more is not theirs.
  ["the server's", { person: { voice: 'lost' }, settings: { voice: 'x' }, manner: { voice: 'x' } }],
])('a voice is %s', (from, facts) => {
  expect(sheet(facts)).toContain(`Voice: **x** (${from})`);
});

test('a voice that is still being made of a recording is said to be that', () => {
  const manner = { voice: undefined, reference: { audio: new Uint8Array(), text: '' } };
  expect(sheet({ manner })).toContain('Voice: your own recording');
});

test.each(['speed', 'volume', 'latency', 'temperature'] as const)('%s may be set for a channel', part => {
  const value = { speed: 1.2, volume: -3, latency: 'normal', temperature: 0.2 }[part];
  expect(sheet({ channel: { [part]: value }, manner: { [part]: value } })).toContain(
    '(set for this channel)',
  );
});

test.each(UI_LANGUAGES)('in %s nothing is left without words', language => {
  const all = sheet({ manner: { temperature: 0.5 }, favourites: ['**a**'] }, language);
  expect(all.split('\n')).toHaveLength(7);
  expect(all).not.toMatch(/[{}]|voice\.|setting\./);
});

test.each(UI_LANGUAGES)('in %s only the voice is called a voice, whatever an operator has set', language => {
  const [voice = '', ...others] = sheet({}, language).split('\n');
  const word = voice.split(/\s*[:：]/)[0] ?? '';
  expect(word).not.toBe('');
  for (const line of others) expect(line.toLowerCase()).not.toContain(word.toLowerCase());
});

test('where a part comes from is said in words that fit parts of any gender', () => {
  expect(sheet({}, 'de')).toContain('Tempo: 1 (vom Server festgelegt)');
  expect(sheet({}, 'fr')).toContain('Volume\u00a0: 0 dB (réglage du serveur)');
  expect(sheet({}, 'es')).toContain('Volumen: 0 dB (ajuste del servidor)');
  expect(sheet({}, 'pt')).toContain('Volume: 0 dB (configuração do servidor)');
});
