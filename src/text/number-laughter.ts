import type { Language } from './language.ts';

// Numbers that sound like laughing or clapping: in Thai, "555" is "ha ha ha". A number is never taken for laughter
// where it may be one: it has to stand alone, or at the end of a sentence behind words that say nothing of a number.

interface Sound {
  /** The digits that laugh, at the end of a sentence. */
  readonly digits: RegExp;
  readonly sound: string;
  /** What separates the sound from a word directly before it. */
  readonly gap: string;
  /** A whole text that laughs, also where a sentence's end would not be enough to tell. */
  readonly alone: RegExp;
  /** What may stand directly before the laughter, after spaces; it ends the words of the sentence. */
  readonly after: RegExp;
  /** Words with which people tell a number. If one is in the sentence, all its numbers are numbers. */
  readonly numbered: RegExp;
  /** Letters that show that a sentence is in this language, whatever the language of the rules is. */
  readonly script: RegExp | null;
}

/** Digits, given as a pattern, that are no part of a longer number, price, time or code, and end a sentence. */
function atEnd(digits: string): RegExp {
  const apart = String.raw`(?<![\p{N}.,:/+#=-])${digits}(?![\p{L}\p{N}%]|[.,:\-/]\p{N})`;
  return new RegExp(String.raw`${apart}(?=[^\p{L}\p{N}]*(?:$|[.。!！?？…\n]))`, 'gu');
}

/** Any of some patterns. Each string has several of them, with spaces between. */
function anyOf(...patterns: readonly string[]): string {
  return patterns.join(' ').replaceAll(' ', '|');
}

/** An abbreviation or name in Latin letters, which the number behind it belongs to, as in "PIN 555". */
const LATIN_WORD_BEFORE = String.raw`\p{sc=Latn}{2}[^\p{L}!！]*$`;

const JAPANESE: Sound = {
  digits: atEnd('[8８]{4,}'),
  alone: /^[8８]{4,}$/u,
  sound: 'パチパチパチ',
  gap: '、',
  // Hiragana that end a sentence, praise, or any letter with a mark of excitement behind it; no particle or number
  // word.
  after: new RegExp(
    String.raw`(?:(?:(?:${anyOf(
      'した です ます った いた んだ せん すぎ ぎる さい [いねよわぞうなれだ]',
      'お疲れ様? おつ 乙 最高 優勝 拍手 神 勝利 天才 流石 さすが ナイス おめ ブラボー GG gg',
    )})[〜ー]*|\p{L}[〜ー]*(?:[!！]+|わら))[\s、]*)$`,
    'u',
  ),
  numbered: new RegExp(
    anyOf(
      '番号 何番 号 電話 暗証 コード パス ナンバー 部屋 室 ページ ポート',
      '円 値段 価格 合計 全部 およそ だいたい 残り スコア いくら いくつ',
      // A particle or a colon directly before the number.
      String.raw`[はがをのにでとへも：:][\s、]*$`,
      LATIN_WORD_BEFORE,
    ),
    'u',
  ),
  script: /[\p{sc=Hira}\p{sc=Kana}]/u,
};

const THAI: Sound = {
  digits: atEnd(String.raw`[5๕]{3,}\+?`),
  alone: /^[5๕]{2,}\+$/u,
  sound: 'ฮ่าฮ่าฮ่า',
  gap: ' ',
  after: /[\p{sc=Thai}!?][\s]*$/u,
  numbered: new RegExp(
    anyOf(
      // Codes and telephones; prices and other amounts; time and age; places; vehicles.
      'เบอร์ โทร รหัส พิน เลข หมายเลข สาย พอร์ต โค้ด บัญชี พาส ไอดี กด',
      'ราคา บาท คะแนน แต้ม จำนวน คน ตัว อัน เท่ากับ คือ ทั้งหมด รวม กิโล เมตร ประมาณ ตอบ ซื้อ ขาย จ่าย ยอด เงิน',
      'น้ำหนัก เฉลี่ย ครบ แค่ ส่ง โอน',
      'ปี อายุ เวลา โมง นาที ทุ่ม รอบ',
      'ห้อง ช่อง ชั้น เลเวล หน้า ข้อ ที่นั่ง บ้าน ตึก ซอย โต๊ะ คิว ประตู แถว',
      'รถ ทะเบียน เที่ยวบิน',
      // A preposition or an auxiliary directly before the number.
      String.raw`(?:ถึง|ที่|ต่อ|หา|มี|ได้)\s*$`,
      String.raw`\p{sc=Latn}{2}[^\p{L}!]*$`,
    ),
    'u',
  ),
  script: /\p{sc=Thai}/u,
};

const CHINESE: Sound = {
  digits: atEnd('[2２][3３]{2,}'),
  alone: /^[2２][3３]{2,}$/u,
  sound: '哈哈哈',
  gap: '，',
  // Particles that end a sentence and words for what is funny, good or silly, perhaps some characters before the end.
  after:
    /[哈嘿呵啊呀哦噢啦嘛呢吧哇诶欸草啥笑逗乐死强牛绝傻服妙爱][!！~〜，,。…\s]*$|[笑逗乐死哈].{0,3}[了]?[!！~〜，,。…\s]*$/u,
  numbered: new RegExp(
    anyOf(
      '[号號码碼价價元钱錢块塊房室楼樓买買卖賣花付密] 编 第 電話 电话 口令 验证 驗證 快递 总共 總共 总数 一共',
      String.raw`[是为為：:=][\s]*$`,
      LATIN_WORD_BEFORE,
    ),
    'u',
  ),
  // Japanese people write Chinese characters as well.
  script: null,
};

const SOUNDS: Partial<Record<Language, Sound>> = { ja: JAPANESE, th: THAI, zh: CHINESE };

/** What stands around a number is read up to this many UTF-16 units away. */
const REACH = 60;
const WORDS = /[\p{L}\p{N}]/u;

/** The text in which numbers that laugh or clap are replaced by the sound that they stand for. */
export function numberLaughter(text: string, language: Language): string {
  if (!/[58８๕]{3}|55\+|[2２][3３]{2}/u.test(text)) return text;
  const own = SOUNDS[language];
  if (own) return laughed(text, own);
  const other = Object.values(SOUNDS).find(({ script }) => script?.test(text));
  return other ? laughed(text, other) : text;
}

function laughed(text: string, { digits, sound, gap, after, numbered, alone }: Sound): string {
  if (alone.test(text)) return sound;
  return text.replace(digits, (number, at: number) => {
    const before = text.slice(Math.max(0, at - REACH), at);
    const behind = text.slice(at + number.length, at + number.length + REACH);
    if (numbered.test(before) || numbered.test(behind)) return number;
    if (WORDS.test(before) && !after.test(before)) return number;
    return /[\p{L}\p{M}]$/u.test(before) ? gap + sound : sound;
  });
}
