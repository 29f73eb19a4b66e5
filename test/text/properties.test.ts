import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { announced, spokenName } from '../../src/text/announcement.ts';
import { cleanCharacters } from '../../src/text/characters.ts';
import { withoutControlTokens } from '../../src/text/control-tokens.ts';
import { compileDictionary } from '../../src/text/dictionary.ts';
import { LANGUAGES } from '../../src/text/language.ts';
import { shorten, spokenSeconds } from '../../src/text/length.ts';
import { isPronounceable } from '../../src/text/pronounceable.ts';
import { calm } from '../../src/text/repetition.ts';
import { type SpeakingRules, speakable } from '../../src/text/speakable.ts';
import { withoutTags, withShortTags } from '../../src/text/tags.ts';
import type { Written } from '../../src/text/written.ts';
import { hostileText } from './hostile-text.ts';

/** Smallest and largest that a server may set. */
const MIN_BYTES = 20;
const MAX_BYTES = 8_000;

const language = fc.constantFrom(...LANGUAGES);

const written: fc.Arbitrary<Written | string> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        content: hostileText,
        replyTo: hostileText,
        forwarded: fc.record({
          content: hostileText,
          stickers: fc.array(hostileText, { maxLength: 2 }),
          attachments: fc.constant([{ kind: 'image' }, { kind: 'image' }, { kind: 'archive' }] as const),
        }),
        poll: fc.record({ question: hostileText, answers: fc.array(hostileText, { maxLength: 3 }) }),
        stickers: fc.array(hostileText, { maxLength: 3 }),
        attachments: fc.array(
          fc.record(
            {
              kind: fc.constantFrom('image', 'voice-message', 'file'),
              description: hostileText,
              spoiler: fc.boolean(),
            },
            { requiredKeys: ['kind'] },
          ),
          { maxLength: 5 },
        ),
        embeds: fc.array(
          fc.record({
            title: hostileText,
            description: hostileText,
            fields: fc.array(fc.record({ name: hostileText, value: hostileText }), { maxLength: 2 }),
          }),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: ['content', 'stickers', 'attachments'] },
    ),
  },
);

const rules: fc.Arbitrary<SpeakingRules> = fc
  .record({
    language,
    name: fc.option(hostileText, { nil: undefined }),
    emoji: fc.constantFrom('name', 'skip'),
    links: fc.constantFrom('site', 'word', 'skip'),
    tags: fc.boolean(),
    words: fc.array(fc.tuple(fc.oneof(hostileText, fc.string({ maxLength: 3 })), hostileText), {
      maxLength: 4,
    }),
    maxBytes: fc.oneof(
      fc.integer({ min: MIN_BYTES, max: 60 }),
      fc.integer({ min: MIN_BYTES, max: MAX_BYTES }),
    ),
    maxSeconds: fc.integer({ min: 1, max: 120 }),
    speed: fc.double({ min: 0.5, max: 2, noNaN: true }),
  })
  .map(({ name, words, ...rest }) => ({
    ...rest,
    names: { user: () => name, role: () => name, channel: () => name },
    dictionary: compileDictionary(new Map(words)),
    now: Date.UTC(2026, 2, 1, 12),
  }));

describe('whatever is written, and whatever the rules', () => {
  test('what comes out can be heard and is within the limits, or is nothing', () => {
    fc.assert(
      fc.property(written, rules, (what, given) => {
        const { text, bytes, cut } = speakable(what, given);
        expect(bytes).toBe(Buffer.byteLength(text));
        expect(bytes).toBeLessThanOrEqual(given.maxBytes);
        expect(spokenSeconds(text)).toBeLessThanOrEqual(given.maxSeconds * given.speed);
        expect(text).toBe(text.trim());
        expect(isPronounceable(text)).toBe(text !== '');
        if (text === '') expect(cut).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  test('it is well-formed, has no control characters and nothing that directs the voice', () => {
    fc.assert(
      fc.property(written, rules, (what, given) => {
        const { text } = speakable(what, given);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/[\p{Cc}\p{Co}\u202a-\u202e\u2066-\u2069\ufffd]/u);
        expect(text.normalize('NFKC')).not.toMatch(/<\s*\||\|\s*>/u);
        if (given.tags) return;
        expect(text.normalize('NFKC')).not.toMatch(/[[\]]|<[\s/]*\p{L}[^<>]*>/u);
        expect(text).not.toMatch(/\((?:happy|sad|in a hurry tone)\)/iu);
      }),
      { numRuns: 600 },
    );
  });

  test('so it is with who says it', () => {
    fc.assert(
      fc.property(hostileText, hostileText, rules, (displayName, what, given) => {
        const name = spokenName(displayName, given.language, given.dictionary);
        expect(isPronounceable(name)).toBe(true);
        expect(name.length).toBeLessThanOrEqual(32);
        const text = announced(name, speakable(what, given).text, given.language);
        expect(text.normalize('NFKC')).not.toMatch(/<\s*\||\|\s*>/u);
        if (!given.tags) expect(text.normalize('NFKC')).not.toMatch(/[[\]]/u);
      }),
      { numRuns: 250 },
    );
  });
});

describe('plain text is unchanged', () => {
  const WORDS = {
    en: ['Hello', 'the', 'US', 'we', "don't", 'know', '2024', 'co-op', 'naïve', 'I'],
    de: ['Straße', 'über', 'zwölf', '3,5', 'ist', 'Grüße'],
    es: ['mañana', 'está', 'qué', 'niño', 'sí'],
    ar: ['مرحبا', 'كيف', 'السَّلام', 'نعم'],
    ko: ['안녕하세요', '오늘', '날씨가', '좋네요'],
    ja: ['こんにちは', '世界', 'コーヒー', '今日は'],
    hi: ['नमस्ते', 'क्षत्रिय', 'हैं'],
    th: ['สวัสดี', 'น้ำ', 'ครับ'],
    ru: ['привет', 'Ёлка', 'всё'],
    vi: ['Tiếng', 'Việt', 'được'],
  } as const;

  test.each(Object.entries(WORDS) as [keyof typeof WORDS, readonly string[]][])('%s', (language, words) => {
    const text = fc
      .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', ' ', ', ', '. ', '! ', '? ')), {
        minLength: 1,
        maxLength: 30,
      })
      // The same word twice in a row may be a flood.
      .map(pairs =>
        pairs.filter(([word], index) => word !== pairs[index - 1]?.[0] && word !== pairs[index - 2]?.[0]),
      )
      .map(pairs => pairs.flat().join('').trim());
    const given = plainRules(language);
    fc.assert(
      fc.property(text, written => {
        fc.pre(calm(written) === written);
        expect(speakable(written, given)).toEqual({
          text: written,
          bytes: Buffer.byteLength(written),
          cut: false,
          blocked: false,
        });
      }),
    );
  });
});

test.each(['[［]', '[］]', '[][]］]'])('brackets of any width around nothing are left out: %s', brackets => {
  expect(withoutTags(`so ${brackets} it is`, 'en')).toBe('so it is');
  expect(withShortTags(`so ${brackets} it is`)).toBe('so it is');
});

test.each([
  ['say <whisper>hello</whisper> now', 'say hello now'],
  ['< Slow >x</ SLOW >, ＜soft＞s＜/soft＞', 'x , s'],
  ['<french>oui</french>', 'oui'],
  ['<<whisper>soft>hi</<soft>soft>', 'soft hi soft'],
  ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
])('angle brackets direct nobody where tags are off: %s', (written, said) => {
  expect(withoutTags(written, 'en')).toBe(said);
});

/** Characters that clean differently beside each other: joiners, fancy letters, marks, drawn signs, parts of emoji. */
const PARTS = [
  ['\u200d', '\u200c', '\ufe0f', '\u20e3', '\u0301', '\u0336', '\u0300\u0301\u0302', 'ـ', '्', 'ั'],
  ['𝐀', 'Ⓜ', '🅰', '①', '½', 'ª', 'ﷺ', 'ﬁ', '👨', '🏽', '\u{1f3f4}'],
  ['a', 'e\u0301', '7', 'م', 'ی', 'ー', '漢', 'क', 'ก'],
].flat();
const neighbours = fc.array(fc.constantFrom(...PARTS), { maxLength: 8 }).map(parts => parts.join(''));

test('characters are clean after one cleaning, whatever stands beside them', () => {
  fc.assert(
    fc.property(neighbours, text => {
      const once = cleanCharacters(text);
      expect(cleanCharacters(once)).toBe(once);
    }),
    { numRuns: 2_000, examples: [['𝐀\u200dhappy'], ['ـ\u0300\u0301\u0302'], ['Ⓜ\u200d👨']] },
  );
});

test('each stage that cleans has nothing left to clean the second time', () => {
  const stages: Record<string, (text: string) => string> = {
    cleanCharacters,
    calm,
    withoutControlTokens,
    tags: text => withoutTags(text, 'en'),
    shorten: text => shorten(text, { ...plainRules('en'), maxBytes: 40, maxSeconds: 4 }).text,
  };
  for (const [name, stage] of Object.entries(stages)) {
    fc.assert(
      fc.property(hostileText, text => {
        const once = stage(text);
        expect(stage(once), name).toBe(once);
      }),
      { numRuns: 300 },
    );
  }
});

function plainRules(language: SpeakingRules['language']): SpeakingRules {
  return {
    language,
    names: { user: () => undefined, role: () => undefined, channel: () => undefined },
    emoji: 'name',
    links: 'site',
    tags: false,
    dictionary: compileDictionary(new Map()),
    maxBytes: MAX_BYTES,
    maxSeconds: 600,
    speed: 1,
    now: 0,
  };
}
