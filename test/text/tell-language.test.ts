import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasWords } from '../../src/text/language.ts';
import { tellLanguage } from '../../src/text/tell-language.ts';

/** Lines as people write them in chat, one file for each language, made for these tests. */
const CHAT_LINES = `${import.meta.dirname}/chat-lines`;

interface ChatLine {
  readonly language: string;
  readonly text: string;
}

/**
 * The lines of which the number in their file has this remainder by two. The lists of words were made with the even
 * half at hand (0); the odd half (1) is for judging only.
 */
function half(remainder: 0 | 1): ChatLine[] {
  return readdirSync(CHAT_LINES).flatMap(file => {
    const lines = readFileSync(`${CHAT_LINES}/${file}`, 'utf8').trim().split('\n');
    return lines
      .filter((_, index) => index % 2 === remainder)
      .map(text => ({ language: file.replace('.txt', ''), text }));
  });
}

test.each([0, 1] as const)('chat lines are told right or not at all, half %i', remainder => {
  const lines = half(remainder);
  const told = lines.map(({ language, text }) => ({ language, text, told: tellLanguage(text) }));
  const wrong = told.filter(({ language, told }) => told !== undefined && told !== language);
  const right = told.filter(({ language, told }) => told === language);
  expect(lines.length).toBeGreaterThan(700);
  expect(new Set(lines.map(({ language }) => language)).size).toBe(20);
  expect(wrong.length / lines.length, JSON.stringify(wrong)).toBeLessThan(0.01);
  expect(right.length / lines.length).toBeGreaterThan(0.94);
});

test.each([
  ['Yuki is so good at this game', 'en'],
  ['did Kenji say when he comes back', 'en'],
  ['I met 田中さん yesterday', 'en'],
  ['田中さん is so good at this game', 'en'],
  ['did you watch 鬼滅の刃 yet', 'en'],
  ['Tomさん上手いね', 'ja'],
  ['今日Minecraftやろうよ', 'ja'],
  ['GG お疲れ', 'ja'],
  ['Kenji 언제 온대', 'ko'],
  ['bro das ist so nice', 'de'],
  ['bin gleich back, muss noch was fixen', 'de'],
  ['bonjour everyone how are you', 'en'],
  ['<@123456789012345678> danke dir', 'de'],
  ['schau mal https://example.com/this-is-what-they-have', 'de'],
  ['look at `ich du er sie`', 'en'],
  ['**gu**ten *Morgen* zusammen', 'de'],
  ['nooooo ich will das nicht', 'de'],
  ['GUTEN MORGEN', 'de'],
  ['„danke“, sagt er', 'de'],
  ["'thank you'", 'en'],
  ['goooood morning', 'en'],
  ['İyi geceler', 'tr'],
  ['mets-toi là-bas', 'fr'],
  ['¿qué pasa?', 'es'],
  ["j'arrive", 'fr'],
  ['𝓽𝓱𝓪𝓷𝓴 𝔂𝓸𝓾 𝓼𝓸 𝓶𝓾𝓬𝓱', 'en'],
])('%s is %s', (text, language) => {
  expect(tellLanguage(text)).toBe(language);
});

test.each([
  '',
  '   ',
  'lol',
  'gg',
  'xD',
  '12345',
  '😂😂',
  '<:kappa:123456789012345678>',
  '<@123456789012345678>',
  'https://example.com/die/und/der',
  '¯\\_(ツ)_/¯',
  'ಠ_ಠ',
  'Minecraft',
  'Genshin Impact',
  'Alexander',
  'Matteo',
  'sushi time',
])('nobody can tell the language of “%s”', text => {
  expect(tellLanguage(text)).toBeUndefined();
});

test.each([
  ['そうだね', 'ja'],
  ['ﾏｼﾞﾃﾞ', 'ja'],
  ['그래', 'ko'],
  ['ㅋㅋㅋ', 'ko'],
  ['สวัสดี', 'th'],
  ['مرحبا كيف الحال', 'ar'],
  ['سلام خوبی', 'fa'],
  ['آپ کیسے ہیں', 'ur'],
  ['שלום', 'he'],
  ['γεια σου', 'el'],
  ['привет', 'ru'],
  ['привіт усім', 'uk'],
  ['здравейте, как сте', 'bg'],
  ['नमस्ते', 'hi'],
  ['मी येत आहे', 'mr'],
  ['你好', 'zh'],
  ['我們走吧', 'zh'],
  ['大丈夫', 'ja'],
  ['帰宅', 'ja'],
])('the letters of %s tell that it is %s', (text, language) => {
  expect(tellLanguage(text)).toBe(language);
});

test.each(['hvad laver du', 'ahoj jak se máš', 'mulțumesc frate', 'mitä kuuluu', 'köszönöm szépen'])(
  '“%s” is not taken for a language that is near to it',
  text => {
    expect(hasWords(tellLanguage(text) ?? '')).toBe(false);
  },
);

test('what people have used lately decides where the words do not', () => {
  const leaningTo = (language: string) => new Map([[language, 0.7]]);
  expect(tellLanguage('was')).toBeUndefined();
  expect(tellLanguage('was', leaningTo('de'))).toBe('de');
  expect(tellLanguage('was', leaningTo('en'))).toBe('en');
  expect(tellLanguage('了解')).toBe('zh');
  expect(tellLanguage('了解', leaningTo('ja'))).toBe('ja');
  expect(tellLanguage('谢谢', leaningTo('ja'))).toBe('zh');
  expect(tellLanguage('Юки', leaningTo('uk'))).toBe('uk');
  expect(tellLanguage('thank you so much', leaningTo('de'))).toBe('en');
  expect(tellLanguage('lol', leaningTo('de'))).toBeUndefined();
});

test('whatever is written, the answer is a code of a language or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), text => {
      expect(tellLanguage(text) ?? 'xx').toMatch(/^[a-z]{2,3}$/);
    }),
  );
});

test('mentions, links and emoji beside a line change nothing', () => {
  const beside = [
    '<@123456789012345678>',
    'https://example.com/was-ist-das',
    '😀',
    '<:kappa:123456789012345678>',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...half(0), ...half(1)), fc.constantFrom(...beside), ({ text }, what) => {
      expect(tellLanguage(`${text} ${what}`)).toBe(tellLanguage(text));
      expect(tellLanguage(`${what} ${text}`)).toBe(tellLanguage(text));
    }),
  );
});

test('a hostile text takes no longer than its beginning', () => {
  for (const text of ['a'.repeat(100_000), 'é́'.repeat(50_000), 'ъ '.repeat(50_000), "l'".repeat(50_000)])
    expect(() => tellLanguage(text)).not.toThrow();
});
