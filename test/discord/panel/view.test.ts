import { describe, expect, test } from 'vitest';
import { formOf, searchForm, webhookForm } from '../../../src/discord/panel/form.ts';
import { groupsOf, PAGES } from '../../../src/discord/panel/pages.ts';
import type { PanelWords } from '../../../src/discord/panel/panel-words.ts';
import { presentIn } from '../../../src/discord/panel/typed.ts';
import { panelView } from '../../../src/discord/panel/view.ts';
import { pickerView } from '../../../src/discord/panel/voice-picker.ts';
import type { VoiceSlot } from '../../../src/discord/panel/voice-slots.ts';
import { translator, UI_LANGUAGES } from '../../../src/locale/catalogue.ts';
import { type GuildSettings, guildDefaults, MAX_CHANNELS } from '../../../src/settings/guild.ts';
import { checkComponents } from '../../sandbox/discord/component-rules.ts';
import { checkModal } from '../../sandbox/discord/modal-rules.ts';
import { asText, formAsText } from '../../support/components-as-text.ts';
import { plainWords } from '../../support/plain-words.ts';

const id = (n: number) => String(10n ** 19n + BigInt(n));
const VOICE = 'v'.repeat(64);
const NAME = 'n'.repeat(100);
const COVERED = {
  id: VOICE,
  title: NAME,
  languages: ['de'],
  tags: [],
  likes: 1e9,
  isPublic: true,
  lines: ['x'.repeat(600)],
  cover: `https://example.org/${'c'.repeat(900)}`,
};

/** A server that has set all that can be set, as long as it can be. */
const FULL: GuildSettings = {
  ...guildDefaults,
  channels: Array.from({ length: MAX_CHANNELS }, (_, n) => ({ id: id(n), addedBy: 'admin', voice: VOICE })),
  voice: VOICE,
  role: id(1),
  notRole: id(3),
  priorityRole: id(2),
  askRole: id(4),
  dictionaryBy: id(5),
  skipPrefix: 'p '.repeat(20),
  blockedWords: Array.from({ length: 60 }, (_, n) => `${n}`.padEnd(64, 'w')),
  voices: Object.fromEntries(
    Array.from({ length: 30 }, (_, n) => [`a${'abcdefghij'[n % 10]}${'abc'[Math.floor(n / 10)]}`, VOICE]),
  ),
  newcomerVoices: Array.from({ length: 25 }, (_, n) => `${n}`.padEnd(64, 'v')),
  botVoices: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [id(n), VOICE])),
  maxSeconds: 120,
  leaveAfter: 86_400,
  messageBytes: 8_000,
  personBytesPerMinute: 1_000_000,
  serverBytesPerDay: 1_000_000_000,
};

const POSSIBLE = { isReadable: () => true, isHidden: () => false, isRole: () => true };

/** Names as long as they can be. */
function longWords(language: string): PanelWords {
  return plainWords(translator(language), {
    voiceOf: () => COVERED,
    voice: () => `**${NAME}**`,
    plainVoice: () => NAME,
    plainBot: () => NAME,
    plainChannel: () => `#${NAME}`,
  });
}

/** Throws as Discord answers when it does not take the components of a message. */
function expectTaken(components: unknown): void {
  checkComponents(components, { v2: true, fileNames: [], path: [] });
}

describe.each(UI_LANGUAGES)('Discord takes it in %s', language => {
  const words = longWords(language);
  const { t } = words;

  describe.each([
    ['with the defaults', guildDefaults],
    ['with all that can be set', FULL],
  ])('%s', (_what, settings) => {
    test.each(PAGES)('the page %s', page => {
      const problems = Array.from({ length: 8 }, () => 'x'.repeat(200));
      const ids = [settings.channels[0], settings.channels.at(-1)].flatMap(one => one?.id ?? []);
      for (const place of [
        { channelId: undefined },
        { channelId: undefined, part: 2 },
        ...ids.map(channelId => ({ channelId })),
      ])
        for (const failed of [undefined, { problems, againId: 'settings:again:x' }])
          expectTaken(panelView(settings, { page, ...place }, words, failed));
    });

    test.each(PAGES)('each form of the page %s, and nothing in it is cut off', page => {
      for (const channelId of [undefined, ...settings.channels.slice(0, 1).map(channel => channel.id)])
        for (const group of groupsOf(page, channelId)) {
          const typed = presentIn(group, settings, POSSIBLE, t);
          if (Object.keys(typed).length === 0) continue;
          checkModal({ ...formOf(group, typed, 'x'.repeat(100), words) });
        }
    });
  });

  test('the choice of a voice, and what is asked for it', () => {
    const slots: VoiceSlot[] = [
      { kind: 'server', id: '' },
      { kind: 'newcomer', id: '' },
      { kind: 'language', id: 'de' },
      { kind: 'channel', id: id(1) },
      { kind: 'bot', id: id(1) },
    ];
    for (const slot of slots) {
      const query = '*_~`|>#-'.repeat(6);
      const voices = Array.from({ length: 5 }, (_, n) => ({ ...COVERED, id: String(n).padStart(64, 'v') }));
      expectTaken(
        pickerView({ slot, present: VOICE, query, page: 999, total: 1e9, voices, fromMemory: false }, words),
      );
      expectTaken(
        pickerView(
          { slot, present: null, query: '', page: 1, total: 0, voices: [], fromMemory: true },
          words,
        ),
      );
    }
    checkModal({ ...searchForm('ch.12345678901234567890', t) });
    checkModal({ ...webhookForm(t) });
  });
});

test.each([
  [
    'en-US',
    ['Liveliness**: standard', '1,000 bytes ≈ 67 sec · $0.015', '200,000 bytes ≈ 3.7 hr · $3.00', '0.5–2×'],
  ],
  [
    'de',
    [
      'Lebendigkeit**: Standard',
      '1.000 Byte ≈ 67 Sek. · 0,015 $',
      '200.000 Byte ≈ 3,7 Std. · 3,00 $',
      '0,5–2×',
    ],
  ],
  ['es-419', ['1,000 bytes ≈ 67 s · USD 0.015']],
  ['es-ES', ['1000 bytes ≈ 67 s · 0,015 US$']],
])('numbers, units, minutes and money are written as in %s', (locale, parts) => {
  const words = plainWords(translator(locale));
  const pages = PAGES.map(page => asText(panelView(guildDefaults, { page, channelId: undefined }, words)));
  // Intl writes spaces that do not break where people see spaces.
  for (const part of parts) expect(pages.join('\n').replace(/[\u00a0\u202f]/gu, ' ')).toContain(part);
});

test('a form shows what holds, and nobody has to know a language of its own', () => {
  const words = plainWords(translator('de'));
  const forms = PAGES.flatMap(page => groupsOf(page, undefined)).flatMap(group => {
    const typed = presentIn(group, guildDefaults, POSSIBLE, words.t);
    return Object.keys(typed).length === 0 ? [] : [formAsText(formOf(group, typed, 'x', words))];
  });
  const all = forms.join('\n');
  for (const part of [
    '|0,5|',
    '|200.000|',
    '[x] Alle dürfen',
    '(•) Alle\n',
    'Tempo (×)',
    'Lautstärke (dB)',
    '(Sekunden)',
  ])
    expect(all).toContain(part);
});
