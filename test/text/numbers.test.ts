import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../src/text/language.ts';
import { speakable } from '../../src/text/speakable.ts';
import { goldenRules } from './golden-rules.ts';

// No digit of a number is ever lost, and none is taken for laughter, whatever the number is and whatever stands around
// it.

/** In each language a few words that tell a number, with `#` where it stands. */
const SENTENCES: Partial<Record<Language, readonly string[]>> = {
  en: ['the code is #', 'room #, please', 'call # now', 'PIN: #', 'it costs $#', '# people', 'born in #'],
  de: ['der Code ist #', 'Zimmer #', 'ruf # an', 'kostet # €', 'um # Uhr', 'im Jahr #'],
  es: ['el código es #', 'habitación #', 'llama al #', 'cuesta # €', 'a las #', 'en #'],
  fr: ['le code est #', 'chambre #', 'appelle le #', '# euros', "l'an #"],
  ja: [
    '暗証番号は#',
    '電話は#です',
    '部屋番号は#',
    'コード：#',
    '#円',
    '#号室',
    '値段は# 円',
    '西暦#年',
    '車のナンバーは#',
  ],
  ko: ['비밀번호는 #', '전화번호 #', '#호', '#원', '#년', '코드: #'],
  zh: ['房间号#', '密码是#', '电话：#', '#元', '编号 #', '#年', '价格#', '验证码#'],
  th: ['ห้อง #', 'รหัส #', 'โทร #', 'ราคา # บาท', 'ปี #', 'เบอร์ #', 'รหัสคือ #', 'เวลา #'],
  ar: ['الرمز هو #', 'الغرفة #', 'اتصل على #'],
  pt: ['o código é #', 'quarto #', 'ligue para #', 'custa R$ #'],
  ru: ['код #', 'комната #', 'звони #', '# рублей', 'в # году'],
  vi: ['mã là #', 'phòng #', 'gọi #'],
  id: ['kodenya #', 'kamar #', 'telepon #'],
  hi: ['कोड # है', 'कमरा #', 'फ़ोन #'],
  tr: ['kod #', 'oda #', 'ara #'],
};

const digit = fc.constantFrom(...Array.from('01234567892358'));
/** Telephone numbers, codes, prices, times and days, with many of the digits that laugh. */
const number = fc.oneof(
  fc.array(digit, { minLength: 1, maxLength: 19 }).map(digits => digits.join('')),
  fc.constantFrom('8888', '88888888', '555', '5555', '23333', '2333333'),
  fc
    .tuple(
      fc.array(fc.array(digit, { minLength: 2, maxLength: 4 }), { minLength: 2, maxLength: 4 }),
      fc.constantFrom('-', '.', ' ', '/', ':'),
    )
    .map(([groups, sign]) => groups.map(group => group.join('')).join(sign)),
  fc.constantFrom(
    '+49 170 5555555',
    '02-555-5555',
    '03-8888-8888',
    '19:55',
    '2026-11-28',
    '1,299.99',
    '3.14159',
    '#1',
  ),
);
const sentence = fc.constantFrom(
  ...Object.entries(SENTENCES).flatMap(([language, sentences]) =>
    sentences.map(words => [language as Language, words] as const),
  ),
);
const digitsOf = (text: string) => text.normalize('NFKC').replaceAll(/\D/gu, '');
const rules = (language: Language) => goldenRules(language, { maxBytes: 8_000, maxSeconds: 600 });

test('numbers that people tell are said, digit by digit, in every language', () => {
  fc.assert(
    fc.property(sentence, number, ([language, words], told) => {
      const { text } = speakable(words.replace('#', told), rules(language));
      expect(digitsOf(text)).toBe(digitsOf(told));
    }),
    { numRuns: 1_500 },
  );
});

test('whatever the language of the rules is, a number behind words in another one stays', () => {
  fc.assert(
    fc.property(sentence, number, fc.constantFrom(...LANGUAGES), ([, words], told, language) => {
      const { text } = speakable(words.replace('#', told), rules(language));
      expect(digitsOf(text)).toBe(digitsOf(told));
    }),
    { numRuns: 1_500 },
  );
});

test('digits of any look are the same number: keycaps, circles, full width', () => {
  const WIDE = '０１２３４５６７８９';
  const CIRCLES = '⓪①②③④⑤⑥⑦⑧⑨';
  const looks = [
    (digits: string) => Array.from(digits, char => `${char}\ufe0f\u20e3`).join(''),
    (digits: string) => Array.from(digits, char => `${char}\ufe0f\u20e3`).join(' '),
    (digits: string) => Array.from(digits, char => WIDE.charAt(Number(char))).join(''),
    (digits: string) => Array.from(digits, char => CIRCLES.charAt(Number(char))).join(''),
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...Array.from('0123456789')), { minLength: 1, maxLength: 12 }),
      fc.constantFrom(...looks),
      fc.constantFrom('name', 'skip'),
      (digits, look, emoji) => {
        const told = digits.join('');
        const { text } = speakable(`the code is ${look(told)}`, { ...rules('en'), emoji });
        expect(digitsOf(text)).toBe(told);
      },
    ),
  );
});

test.each([
  ['en', '123e4567-e89b-12d3-a456-426614174000', 'a long code'],
  ['en', 'd41d8cd98f00b204e9800998ecf8427e', 'a long code'],
  ['de', '9'.repeat(60), 'eine lange Zahl'],
  ['ja', '9'.repeat(21), '長い数字'],
  ['en', '9'.repeat(20), '9'.repeat(20)],
] as const)('%s: what nobody would read out is named: %s', (language, written, said) => {
  expect(speakable(written, rules(language)).text).toBe(said);
});
