import { expect, test } from 'vitest';
import { announced, spokenName, wishedName } from '../../src/text/announcement.ts';
import { compileDictionary } from '../../src/text/dictionary.ts';
import { attachmentKind } from '../../src/text/written.ts';

test.each([
  ['Ana', 'Ana'],
  ['✨ Ana ✨', 'Ana'],
  ['[TAG] Bob | he/him', 'Bob'],
  ['Zoë (she/they) – away', 'Zoë'],
  ['xX_Slayer_Xx', 'Slayer'],
  ['Xerxes', 'Xerxes'],
  ['Anne-Marie O’Neil', "Anne-Marie O'Neil"],
  ['Ana_92', 'Ana 92'],
  ['𝕷𝖚𝖓𝖆 ☾', 'Luna'],
  ['ᴊᴀᴄᴋ', 'JACK'],
  ['L̷u̷n̷a̷', 'Luna'],
  ['aaaaaaaaaaaaaaaa', 'aaa'],
  ['さくら🌸', 'さくら'],
  ['김철수', '김철수'],
  ['أحمد 🇸🇦', 'أحمد'],
  ['น้ำ', 'น้ำ'],
  ['<|speaker:1|>', 'speaker 1'],
  ['[laugh]', 'laugh'],
  ['철수ㅋㅋ', '철수'],
  ['김철수ㅠㅠ', '김철수'],
  ['메이플ㅎㅎ용사', '메이플 용사'],
  ['ㅋㅋ', '크크'],
  ['さくらw', 'さくら'],
  ['たろう（笑）', 'たろう'],
  ['Ana :3', 'Ana'],
  ['I <3 cats', 'I cats'],
  ['Ana (◕‿◕)', 'Ana'],
  ['Ana ʕ•ᴥ•ʔ', 'Ana'],
  ['ヽ(´▽`)ノあや', 'あや'],
  ['★彡Ana彡★', 'Ana'],
  ['꧁༺Ana༻꧂', 'Ana'],
  ['ღAnaツ', 'Ana'],
  ['ノア', 'ノア'],
  ['🅰na 🇧 🇧', 'Ana BB'],
  ['❶st Ⅶ', '1st 7'],
  ['(^o^)', 'someone'],
  ['🦊', 'someone'],
  ['', 'someone'],
  ['A very long name that nobody would want to hear out', 'A very long name that nobody wou'],
])('%j is called %j', (displayName, said) => {
  expect(spokenName(displayName)).toBe(said);
});

test('a name is said by the dictionary, without what would direct the voice', () => {
  const words = compileDictionary(
    new Map([
      ['xqc', 'ex queue see'],
      ['evil', '<|speaker:1|> [laugh]'],
      ['mute', ''],
    ]),
  );
  expect(spokenName('✨ xQc', 'en', words)).toBe('ex queue see');
  expect(spokenName('evil', 'en', words)).not.toMatch(/[<|>[\]]/);
  expect(spokenName('mute', 'en', words)).toBe('mute');
});

test('who speaks is said in the language of the server', () => {
  expect(announced('Ana', 'hi', 'en')).toBe('Ana said: hi');
  expect(announced('Ana', 'hallo', 'de')).toBe('Ana sagt: hallo');
  expect(announced('さくら', 'はい', 'ja')).toBe('さくらさんの発言、はい');
  expect(spokenName('🦊', 'ar')).toBe('شخص ما');
});

test.each([
  ['a.png', 'image/png', false, 'image'],
  ['a.PNG', null, false, 'image'],
  ['voice.ogg', 'audio/ogg', true, 'voice-message'],
  ['a.ogg', 'audio/ogg', false, 'audio'],
  ['a.tar.gz', null, false, 'archive'],
  ['a.json', 'application/json; charset=utf-8', false, 'text-file'],
  ['a.rs', null, false, 'text-file'],
  ['a.exe', 'application/octet-stream', false, 'file'],
  ['a', null, false, 'file'],
] as const)('%s of type %s is told as its kind', (name, type, isVoice, kind) => {
  expect(attachmentKind(name, type, isVoice)).toBe(kind);
});

test.each([
  ['  Shiv-awn  ', 'Shiv-awn'],
  ['シヴォーン', 'シヴォーン'],
  ['[laugh] Ana <|speaker:1|> 🎉', 'Ana'],
  ['Ana\u202e\u200b\0', 'Ana'],
  ['aaaaaaaaaaaaaaaaaaaaaa', 'aaa'],
  ['🎉🎉', ''],
  ['…', ''],
  ['   ', ''],
])('a wish of %j is spoken %j', (wish, said) => {
  expect(wishedName(wish)).toBe(said);
  expect(wishedName(said)).toBe(said);
});

test('a wish is never longer than a display name may be', () => {
  expect(wishedName('Ana Maria '.repeat(100)).length).toBeLessThanOrEqual(32);
});
