// Finds faces that are drawn between brackets, such as "(^o^)", with what belongs to them: arms, tears and decorations, as
// in "＼(^o^)／", "m(_ _)m" and "(╯°□°)╯︵ ┻━┻".

/** Two brackets with nothing but a few characters between them. Bears have brackets of their own. */
const BRACKETED = /[(（]([^()（）ʕʔ\n]{1,24})[)）]|ʕ([^ʕʔ\n]{1,12})ʔ|༼([^༼༽\n]{1,20})༽/gu;
/** Signs that are hardly ever written between brackets but in faces. Voicing marks are among them, without their kana. */
const TALL =
  /[\u3099\u309a]|(?<=\s)\p{M}|[^\p{L}\p{M}\p{N}\s\p{Ps}\p{Pe}\p{Pi}\p{Pf}.,!?:'"+\-/*=%&#@$€£¥|`]/u;
/** A face of plain signs needs one that is hardly ever written between brackets for another reason. */
const EYES =
  /[_^<>~]|-[._ωw]?-|;[_.;]?;|:3|[=*@+$°•・¬] ?[_.oOwω-]? ?[=*@+$°•・¬]|^[TQ][_oOwvA^]?[TQ]$|^[xXoOuUnv][_.][xXoOuUnv]$/u;
/** Letters that stand in faces as mouths, cheeks, eyes and arms, however often. */
const FACE_LETTER =
  /[ωΩΦφεзЗДдЭжщσςツッシヮェォヘロメブ口益皿人屮ノのつっづヽヾゝゞ∂ฅوง۶٩ºªòóÒÓùúôöõ\u0250-\u02ff\u1d00-\u1d2bㅇㅁㅂㅅㅎㅠㅜㅡ\u3165-\u318e゜ﾟ゛ー]|(?![๑])[^\P{L}\p{sc=Latn}\p{sc=Cyrl}\p{sc=Grek}\p{sc=Hani}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Arab}\p{sc=Hebr}\p{sc=Deva}\p{sc=Thai}\p{sc=Beng}\p{sc=Taml}\p{sc=Zyyy}]/u;
/** Letters that make a face even of signs that are written between brackets for other reasons. */
const ODD_LETTER =
  /[ωツヮ益皿ง۶٩ฅ\u0250-\u02af\u1d00-\u1d2b\p{sc=Cans}\p{sc=Knda}\p{sc=Telu}\p{sc=Geor}\p{sc=Yiii}]|[дД][`´｀゜°;]|[`´｀][дД]/u;
/** Plain letters that may be a mouth or eyes, if it is the same one everywhere. */
const PLAIN_LETTER = /[oOTtuUvVwWxXQqnmcpbdDzeEA]/u;
const PICTURE = /\p{Emoji_Presentation}|\ufe0f/u;
const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;
const NUMBER = /(?!๑)\p{Nd}/u;
/** Digits that are a mouth, ":3" and "＾3＾", or eyes, "0_0". */
const MOUTH_OR_EYES = /^[^\p{Nd}\p{L}]*(?::3|[\p{S}]3(?=[\p{S}])|0[_ ]0)[^\p{Nd}]*$/u;

/** At most so many characters beside the brackets belong to a face, on each side. */
const ARM_LENGTH = 8;
/** Arms that are signs: all signs but those that end a sentence, quote, or begin a mention, tag or link. */
const SIGN_ARM = /[\p{S}\p{P}\p{Mn}\p{Sk}]/u;
const NO_ARM = /[.,!?;:'"“”‘’„«»()（）[\]【】「」『』、。！？，：；…@#$%&*_~|`\p{Extended_Pictographic}]/u;
const LEFT_LETTERS =
  /(?:(?<![\p{sc=Latn}\p{N}])[mMoOdDqbBcC]|(?<![\p{sc=Hira}\p{sc=Kana}\p{sc=Hani}])[ヽヾノへヘつっづ]|[Σσφψщ٩ლฅᕦᕕᕙง凸屮]|m9)$/u;
const RIGHT_LETTERS =
  /^(?:[mMoOdDbBcCpPqvV](?![\p{sc=Latn}\p{N}])|[zZ]+(?![\p{sc=Latn}\p{N}])|ノシ?(?![\p{sc=Kana}ー])|ブ(?![\p{sc=Hira}\p{sc=Kana}ー])|[ヽヾゞゝ彡屮щლฅوง۶ᕗᕤΨψφ]|[つっづ](?![\p{sc=Hira}\p{sc=Kana}ー]))/u;
const HOLDS = /^[つっづ]/u;
/** What is thrown: a table, sparkles, stars, a heart. */
const THROWN =
  /^(?:[\s︵︶彡～〜~]*[┻┳┬┴━─╥╨]{2,}|[*:･・ﾟ\u309a゜｡。.+°˚ ]*[✧✦✩☆★♡♥]+|[*:･・ﾟ\u309a゜+°˚✧]{2,}(?: [･・ﾟ\u309a゜°˚✧]+)*|[/／]?[~～〜]+)/u;

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

/** Whether what stands between two brackets is a face: signs with at most a few letters, and neither word nor number. */
function isFace(inside: string): boolean {
  if (NUMBER.test(inside) && !MOUTH_OR_EYES.test(inside)) return false;
  if (PICTURE.test(inside)) return false;
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
  if (signs === 0) return /^(?:T[oO]?T|.*[ᐛᴥಠಥ].*|[ㅠㅜㅡㅇㅅㅁ]{2,}|([ΦΘ])ω\1)$/u.test(inside);
  if (MOUTH_OR_EYES.test(inside)) return true;
  if (plain.size > 1 && !/^[TQ;][oOwvA^_][TQ;]/u.test(inside)) return false;
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
