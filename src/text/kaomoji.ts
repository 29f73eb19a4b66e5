import { EMPTY_SPOILER } from './spoilers.ts';

// Finds faces that are drawn between brackets, such as "(^o^)", with what belongs to them: arms, tears and decorations,
// as in "＼(^o^)／", "m(_ _)m" and "(╯°□°)╯︵ ┻━┻".

/** Two brackets with nothing but a few characters between them. Bears have brackets of their own. */
const BRACKETED = /[(（]([^()（）ʕʔ\n]{1,24})[)）]|ʕ([^ʕʔ\n]{1,12})ʔ|༼([^༼༽\n]{1,20})༽/gu;
/**
 * Signs that are hardly ever written between brackets but in faces. Voicing marks are among them, without their kana.
 */
const TALL =
  /[\u3099\u309a]|(?<=\s)\p{M}|[^\p{L}\p{M}\p{N}\s\p{Ps}\p{Pe}\p{Pi}\p{Pf}.,!?:'"+\-/*=%&#@$€£¥|`]/u;
/**
 * What a face of plain signs needs: eyes, or a mouth, that are hardly ever written between brackets for another reason.
 */
const EYES = anyOf(
  // Eyes that are closed or squinting, and a mouth or a nose of a line: "^^", ">_<", "-.-".
  '[_^<>~]|-[._ωw]?-',
  // Eyes that cry or wink, a cat, and eyes of other equal signs: ";_;", ":3", "=_=", "*o*", "• •".
  String.raw`;[_.;]?;|:3|[=*@+$°•・¬] ?[_.oOwω-]? ?[=*@+$°•・¬]`,
  // Two letters and a mouth between them: "T_T", "x_x".
  '^[TQ][_oOwvA^]?[TQ]$|^[xXoOuUnv][_.][xXoOuUnv]$',
);
/** The scripts in which people write words. A letter of any other one is there for its looks. */
const WORD_SCRIPTS = 'Latn Cyrl Grek Hani Hira Kana Hang Arab Hebr Deva Thai Beng Taml Zyyy'
  .split(' ')
  .map(script => String.raw`\p{sc=${script}}`)
  .join('');
/** Letters that stand in faces as mouths, cheeks, eyes and arms, however often. */
const FACE_LETTER = anyOf(
  // Greek, Cyrillic, phonetic letters, and Latin ones whose accents are brows.
  String.raw`[ωΩΦφεσς∂зЗДдЭжщºªòóÒÓùúôöõ\u0250-\u02ff\u1d00-\u1d2b]`,
  // Japanese and Chinese.
  '[ツッシヮェォヘロメブ口益皿人屮ノのつっづヽヾゝゞ゜ﾟ゛ー]',
  // Korean, Thai and Arabic.
  String.raw`[ㅇㅁㅂㅅㅎㅠㅜㅡ\u3165-\u318eฅงو۶٩]`,
  String.raw`(?!๑)[^\P{L}${WORD_SCRIPTS}]`,
);
/** Letters that make a face even of signs that are written between brackets for other reasons. */
const ODD_LETTER = anyOf(
  String.raw`[ωツヮ益皿ง۶٩ฅ\u0250-\u02af\u1d00-\u1d2b\p{sc=Cans}\p{sc=Knda}\p{sc=Telu}\p{sc=Geor}\p{sc=Yiii}]`,
  // A Cyrillic mouth beside an eye: "(ﾟДﾟ)".
  '[дД][`´｀゜°;]|[`´｀][дД]',
);
/** Plain letters that may be a mouth or eyes, if it is the same one everywhere. */
const PLAIN_LETTER = /[oOTtuUvVwWxXQqnmcpbdDzeEA]/u;
const PICTURE = /\p{Emoji_Presentation}|\ufe0f/u;
const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;
const NUMBER = /(?!๑)\p{Nd}/u;
/** What has a digit for a mouth, as ":3" and "＾3＾", or digits for eyes, as "0_0". */
const MOUTH_OR_EYES = /^[^\p{Nd}\p{L}]*(?::3|[\p{S}]3(?=[\p{S}])|0[_ ]0)[^\p{Nd}]*$/u;

/** At most this many characters beside the brackets belong to a face, on each side. */
const ARM_LENGTH = 8;
/** Arms that are signs: all signs but those that end a sentence, quote, or begin a mention, tag or link. */
const SIGN_ARM = /[\p{S}\p{P}\p{Mn}\p{Sk}]/u;
const NO_ARM = /[.,!?;:'"“”‘’„«»()（）[\]【】「」『』、。！？，：；…@#$%&*_~|`\p{Extended_Pictographic}]/u;
/** Letters that are the arm on the left of a face, unless they end a word. */
const LEFT_LETTERS = new RegExp(
  `(?:${[
    String.raw`(?<![\p{sc=Latn}\p{N}])[mMoOdDqbBcC]`,
    String.raw`(?<![\p{sc=Hira}\p{sc=Kana}\p{sc=Hani}])[ヽヾノへヘつっづ]`,
    '[Σσφψщ٩ლฅᕦᕕᕙง凸屮]|m9',
  ].join('|')})$`,
  'u',
);
/** Letters that are the arm on the right of a face, or its snoring, unless a word begins with them. */
const RIGHT_LETTERS = new RegExp(
  `^(?:${[
    String.raw`[mMoOdDbBcCpPqvV](?![\p{sc=Latn}\p{N}])|[zZ]+(?![\p{sc=Latn}\p{N}])`,
    String.raw`ノシ?(?![\p{sc=Kana}ー])|ブ(?![\p{sc=Hira}\p{sc=Kana}ー])`,
    '[ヽヾゞゝ彡屮щლฅوง۶ᕗᕤΨψφ]',
    String.raw`[つっづ](?![\p{sc=Hira}\p{sc=Kana}ー])`,
  ].join('|')})`,
  'u',
);
/** Hands that hold something, also where they are inside the brackets. */
const HOLDS = /^[つっづ]/u;
/** What a face throws, or what shines beside it. */
const THROWN = new RegExp(
  `^(?:${[
    // A table: "︵ ┻━┻".
    String.raw`[\s︵︶彡～〜~]*[┻┳┬┴━─╥╨]{2,}`,
    // Stars and hearts, and what sparkles before them: ":･ﾟ✧", "☆".
    String.raw`[*:･・ﾟ\u309a゜｡。.+°˚ ]*[✧✦✩☆★♡♥]+|[*:･・ﾟ\u309a゜+°˚✧]{2,}(?: [･・ﾟ\u309a゜°˚✧]+)*`,
    // A wave, perhaps of the arm: "~", "/~".
    '[/／]?[~～〜]+',
  ].join('|')})`,
  'u',
);

function anyOf(...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'), 'u');
}

/** For each face between brackets: the place at which it begins, arms included, and the place behind it. */
export function kaomojiSpans(text: string): ReadonlyMap<number, number> {
  const spans = new Map<number, number>();
  if (!/[)）ʔ༽]/.test(text)) return spans;
  let [lastStart, lastEnd] = [0, 0];
  for (const { 0: whole, 1: round = '', 2: bear, 3: inside = round, index } of text.matchAll(BRACKETED)) {
    if (bear === undefined ? !isFace(inside) : LETTER.test(bear.replaceAll(/[ᴥωo]/gu, ''))) continue;
    const [start, end] = withArms(text, index, index + whole.length);
    // What one face throws may be the arm of the next: then both are one.
    if (start >= lastEnd) lastStart = start;
    lastEnd = end;
    spans.set(lastStart, lastEnd);
  }
  return spans;
}

/** A face that has letters and no signs: "TOT", "ಠಠ", "ㅠㅠ", "ΦωΦ". */
const ONLY_LETTERS = /^(?:T[oO]?T|.*[ᐛᴥಠಥ].*|[ㅠㅜㅡㅇㅅㅁ]{2,}|([ΦΘ])ω\1)$/u;
/** Only in a face that cries may eyes and mouth be different plain letters, as in "ToT;". */
const LETTERS_THAT_CRY = /^[TQ;][oOwvA^_][TQ;]/u;

/**
 * Whether what stands between two brackets is a face: signs with at most a few letters, and neither word nor number.
 */
function isFace(inside: string): boolean {
  if (NUMBER.test(inside) && !MOUTH_OR_EYES.test(inside)) return false;
  if (PICTURE.test(inside) || inside.includes(EMPTY_SPOILER)) return false;
  const plain = new Set<string>();
  let letters = 0;
  let signs = 0;
  for (const char of inside) {
    if (!LETTER.test(char)) {
      if (char.trim() !== '' && !DIGIT.test(char)) signs += 1;
    } else if (FACE_LETTER.test(char)) letters += 1;
    else if (PLAIN_LETTER.test(char)) plain.add(char);
    else return false;
  }
  if (signs === 0) return ONLY_LETTERS.test(inside);
  if (MOUTH_OR_EYES.test(inside)) return true;
  if (plain.size > 1 && !LETTERS_THAT_CRY.test(inside)) return false;
  if (signs + letters + plain.size < 2) return false;
  return [TALL, ODD_LETTER, EYES].some(kind => kind.test(inside.trim()));
}

/** The places at which a face begins and ends, together with its arms, and with brackets that are its cheeks. */
function withArms(text: string, from: number, to: number): [number, number] {
  const leftMost = Math.max(0, from - ARM_LENGTH);
  const rightMost = Math.min(text.length, to + ARM_LENGTH);
  let [start, end] = [from, to];
  for (let grown = true; grown; ) {
    grown = false;
    const left = text.slice(Math.max(0, start - 2), start);
    const right = text.slice(end, end + 3);
    if (start > leftMost && isArm(left.slice(-1))) [start, grown] = [start - 1, true];
    else if (start > leftMost && LEFT_LETTERS.test(left)) [start, grown] = [start - 1, true];
    if (end < rightMost && isArm(right.charAt(0))) [end, grown] = [end + 1, true];
    else if (end < rightMost) {
      const [arm] =
        RIGHT_LETTERS.exec(right) ?? (HOLDS.exec(text.slice(from + 1, to)) && HOLDS.exec(right)) ?? [];
      if (arm !== undefined) [end, grown] = [end + arm.length, true];
    }
    if (isPair(text.charAt(start - 1), text.charAt(end))) [start, end, grown] = [start - 1, end + 1, true];
  }
  const [thrown] = THROWN.exec(text.slice(end, end + 2 * ARM_LENGTH)) ?? [];
  return [start, end + (thrown?.length ?? 0)];
}

function isArm(char: string): boolean {
  return char !== '' && SIGN_ARM.test(char) && !NO_ARM.test(char);
}

function isPair(open: string, close: string): boolean {
  return (open === '(' || open === '（') && (close === ')' || close === '）');
}
