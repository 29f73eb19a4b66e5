import type { Language } from './language.ts';
import { numberLaughter } from './number-laughter.ts';

// Laughing and crying as people type it, where letters or digits stand for the sound: "www", "ㅋㅋㅋ", "kkkk", "555". What
// can be said as it is written, such as "hahaha" or "jajaja", stays.

const KANA = /[\p{scx=Hira}\p{scx=Kana}]/u;
/** Letters and their signs behind which a Japanese "w" means laughing ("warai"). */
const JA = String.raw`[\p{scx=Hira}\p{scx=Kana}\p{scx=Hani}]`;
/** No word of Latin letters, name of a site or number goes on behind the laughter. */
const NO_WORD_AFTER = String.raw`(?!['’.]?[\p{sc=Latn}\p{N}_])`;
/** At the end of a sentence any number of them laugh, also large ones. */
const AT_END = new RegExp(String.raw`(?<=${JA}[)）」』]?)[wW]+(?=[^\p{L}\p{N}_]*(?:[。！？!?\n]|$))`, 'gu');
/**
 * In the middle of a sentence a single one may be a letter, as in "キーはwです", unless a particle cannot stand before it.
 */
const IN_MIDDLE = new RegExp(
  String.raw`(?<=${JA}[)）」』]?)(?:w{2,}|(?<![はがをのとやも])w)${NO_WORD_AFTER}`,
  'gu',
);
const AFTER_STOP = new RegExp(
  String.raw`(?<=[！？。、…!?])(?:[wW]+(?!['’.]?[\p{L}\p{N}_])|w{2,}(?=${JA}))`,
  'gu',
);
const BEFORE_JAPANESE = new RegExp(String.raw`(?<![^\s])w{2,}(?=${JA})`, 'gu');
const APART = /(?<!\S)[wW]{2,}(?!\S)/gu;
/** "(笑)" in any brackets, and a bare 笑 behind kana at the end of a sentence. */
const LAUGHS =
  /[（(](?:笑|爆笑|わら|w+)[)）]|[（(](?:笑|w+)(?=$|[。！])|^笑+$|(?<=[\p{scx=Hira}\p{scx=Kana}！？!?。])笑+(?![\p{L}\p{N}])/gu;
const WARAI = 'わら';
const SEVERAL_WARAI = /(?:[、\s]*わら)+(?=[、\s]*わら)[、\s]*/gu;

/** Korean consonants and vowels that stand for a sound or for two words. Those of two sounds come first. */
const JAMO: readonly (readonly [RegExp, string])[] = [
  [/ㅇㅋ+/gu, '오케이'],
  [/ㅇㅇ+/gu, '응응'],
  [/ㄴㄴ+/gu, '노노'],
  [/ㄱㄱ+/gu, '고고'],
  [/ㄱㅅ/gu, '감사'],
  [/ㅊㅋ/gu, '축하'],
  [/ㄷㄷ+/gu, '덜덜'],
  [/ㅂㅂ+/gu, '바이바이'],
  [/ㅈㅅ/gu, '죄송'],
  [/ㅅㄱ/gu, '수고'],
  [/ㅎㅇ/gu, '하이'],
  [/[ㅋㄱ]*ㅋ{3,}[ㅋㄱ]*/gu, '크크크'],
  [/ㅋ+/gu, '크크'],
  [/ㅎ{3,}/gu, '하하하'],
  [/ㅎ+/gu, '하하'],
  [/[ㅠㅜ]+/gu, '흑흑'],
];
const ANY_JAMO = /[ㄱ-ㅣ]/u;
const JAMO_BESIDE_WORD = /(?<=[가-힣])(?=[ㄱ-ㅣ])|(?<=[ㄱ-ㅣ])(?=[가-힣])/gu;

/** Words of nothing but laughing consonants. They count in every language, since nobody could say them. */
const HISSES =
  /(?<![\p{L}\p{M}\p{N}_'’-])(?:h{3,}(?!:)|(?:wk){2,}w?|(?:ks){2,}k?|(?:sk){2,}s?|(?:ksk|sks){2,}k?|s?(?:js){2,}j?)(?![\p{L}\p{M}\p{N}_'’-])/giu;
const KKK = /(?<![\p{L}\p{M}\p{N}_'’-])k{3,}(?![\p{L}\p{M}\p{N}_'’-])/giu;
const RSRS = /(?<![\p{L}\p{M}\p{N}_'’-])(?:rs){2,}r?(?![\p{L}\p{M}\p{N}_'’-])/giu;
const HAHAHA = 'hahaha';
const ARABIC = /(?<![\p{L}\p{M}])ه{3,}(?![\p{L}\p{M}])/gu;
const HEBREW = /(?<![\p{L}\p{M}])ח{3,}(?![\p{L}\p{M}])/gu;

/** Replaces laughter that is written in letters or digits which cannot be said by words that can. */
export function spokenLaughter(text: string, language: Language): string {
  let said = numberLaughter(text, language);
  if (/[wW笑]/u.test(said) && (language === 'ja' || KANA.test(said))) said = japanese(said, language);
  if (ANY_JAMO.test(said)) {
    const apart = said.replace(JAMO_BESIDE_WORD, ' ');
    said = JAMO.reduce((rest, [jamo, sound]) => rest.replace(jamo, sound), apart);
  }
  if (/hhh|wkwk|kkk|[ks]{3}|jsj|rsrs/i.test(said)) said = latin(said, language);
  return said.replace(ARABIC, 'هاهاها').replace(HEBREW, 'חה חה חה');
}

function japanese(text: string, language: Language): string {
  const told = text
    .replace(LAUGHS, `、${WARAI}`)
    .replace(AT_END, `、${WARAI}`)
    .replace(IN_MIDDLE, `、${WARAI}、`)
    .replace(AFTER_STOP, WARAI)
    .replace(BEFORE_JAPANESE, `${WARAI}、`);
  const all = language === 'ja' ? told.replace(APART, WARAI) : told;
  return all
    .replace(SEVERAL_WARAI, '、')
    .replace(/、{2,}|、(?=[。！？!?\s]|$)|(?<=[。！？!?…])、|^、/gu, marks => (marks.length > 1 ? '、' : ''));
}

function latin(text: string, language: Language): string {
  const laugh = language === 'zh' ? '哈哈哈' : HAHAHA;
  const hissed = text.replace(HISSES, laugh);
  if (language === 'pt') return hissed.replace(KKK, laughing).replace(RSRS, laugh);
  return language === 'vi' || language === 'ko' ? hissed.replace(KKK, laughing) : hissed;
}

/** Three capitals are a name. */
function laughing(written: string): string {
  return written === 'KKK' ? written : HAHAHA;
}
