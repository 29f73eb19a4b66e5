import { kaomojiSpans } from './kaomoji.ts';
import type { Found } from './token.ts';

// Finds faces that are drawn of signs without brackets, such as ":-)", "T_T" and "<3".

/** The characters with which a face can begin. At all other places no face is looked for. */
const FIRST = new Set('<＜>ㅡㅇㅠㅎ:;=xXDTQOoUucC0([)]_^-.@*+~¬•°ಠಥ⊙ʘòóÒÓvnqÒ¯┬\\＼>＞≧⌐(/⁄_$|');
/** Before a face that stands apart is the beginning of the text, a space, or a sign behind which a face may stand. */
const BEFORE = String.raw`(?<![^\s!?.,…~。、！？」』）)*_|])`;
/** Behind any face is the end of the text, a space, or a sign of punctuation or emphasis. */
const AFTER = String.raw`(?![^\s.,!?…。！？、)）」』~*_|])`;

/**
 * Parts of a face that lies on its side: brows, eyes, a tear, a nose and a mouth, in this order. A bar before another
 * one is no mouth, but belongs to a spoiler.
 */
const BROWS = '[>}]?';
const TEAR = "['’,]?";
const NOSE = '[-^]?';
const MOUTH = String.raw`(?:[)\]}>]+|[(\[{<]+|[DPpbOoSsXxCcvVLq]+|3+|[/\\*$@#&]|\|(?!\|))`;
/** The mouths that make a face of "=", which means something else before other signs. */
const CLEAR_MOUTH = String.raw`(?:\)+|\(+|[DPp]+|3+)`;

/** Faces that have letters or digits, or signs that mean something in words. They stand apart from words. */
const APART = anyOf(BEFORE, [
  // ":-)", ":o)", ">:(", ":'D", ";P", and "=P".
  String.raw`${BROWS}(?:[:;]${TEAR}[-^o]?${MOUTH}|=${TEAR}${NOSE}${CLEAR_MOUTH})`,
  // "X-D", "xDD", and the mouth before the eyes: "D:" at the end, "(-:", "[=".
  String.raw`[xX]${NOSE}D+|x[dD]+|[DcC]:(?=\s*$)|[(\[]${NOSE}[:;=]|[)\]]${NOSE}[:;=]`,
  // Two equal eyes and a mouth between them: "T_T", "QwQ", "o.O", "0_0", "x_x".
  String.raw`T{1,2}[_.wov^-]+T{1,2}|TAT|Q[_.wA]+Q|[oO][_.]+[oO0]|0_+[0oO]|([uUnvxXqò])_+\1|[ÒÓòó][_.wvω][ÒÓòó]|O_O`,
  // People who raise an arm or two: "\o/", "o7", "o/", "\m/". People who kneel: "orz", "_|OTL".
  String.raw`\\[oO]/|[oO]7(?!\d)|[oO]/|\\m/|_?\|?orz|_?\|?OTL`,
  // What Discord's own commands write: /shrug, /tableflip and /unflip.
  String.raw`¯\\{0,2}_\(ツ\)_\/¯|\(╯°□°\)╯︵ ┻━┻|┬─┬ノ\( º _ ºノ\)`,
]);
/** Faces of signs that mean nothing else. They may stand directly behind a word, as people write them. */
const ATTACHED = anyOf('', [
  // "ok:D", "ok:)", and "ok:(" unless a word follows in brackets.
  String.raw`(?<=\p{Ll}{2}):-?[DPp](?![\p{L}\p{N}])|[:;=]['’]?-?(?:\)+|\(+(?!\S))`,
  // Closed eyes, perhaps with a drop of sweat: "^_^;", ">_<", ">//<", ";_;", "-_-", "=_=", "._.".
  String.raw`\^[_oω.-]*\^[;゛゜ゞ"]*|>[_.wω]*<|>\/{2,}<|;[-_.w]*;(?!\S)|-[_.]+-+[;"]*|=_+=|\._+\.`,
  // Eyes of other signs: "@_@", "*_*", "+_+", "$_$", "~_~", "°_°", "ಠ_ಠ".
  String.raw`@_+@|\*_+\*|\+_+\+|\$_+\$|~_+~|([¬•°ಠಥ⊙ʘ])[_.‿ᴗω-]?\1|=\^[_.ω-]?\^=`,
  // Korean eyes and mouths: "ㅡㅡ;", "ㅇㅅㅇ", "ㅠ_ㅠ".
  String.raw`ㅡ[_.]*ㅡ[;^]*|ㅇ[ㅅㅁㅂ_.]ㅇ|ㅠ[_.]+ㅠ|ㅎ[_.]+ㅎ`,
  // Wide signs, glasses, a look aside, and a blush: "≧▽≦", "<●><●>", "⌐■-■", ">_>", "⁄(…)⁄".
  String.raw`[＞≧][_ω▽﹏∇ᗜ]?[＜≦]|(?:[＜<][●◎⊙◉][＞>]){2}|⌐■-■|>_>|<_<|>\.>|<\.<|[⁄/]{2,}[^\s\p{L}\p{N}|\x60]{1,6}[⁄/]{2,}`,
]);
/** A heart, "<3", or a broken one, "</3". */
const HEART = /(?<!\S)<([/\\]?)3+(?![^\s.,!?…。！？)）*_|])/y;
/** A bracket that is still open before ":)": the mouth closes it, and there is no face, as in "(like this:)". */
const OPEN_BRACKET = /(?<![:;=^'-])[(（][^()（）\n]{0,60}$/u;

function anyOf(before: string, faces: readonly string[]): RegExp {
  return new RegExp(`${before}(?:${faces.join('|')})${AFTER}`, 'uy');
}

/** Whether a face may begin with `char`. */
export function mayBeFace(char: string): boolean {
  return FIRST.has(char);
}

/** The face or heart, drawn of signs, that begins at the place `at`; undefined if none does. */
export function faceAt(text: string, at: number): Found | undefined {
  HEART.lastIndex = at;
  const heart = HEART.exec(text);
  if (heart) {
    const [, broken = ''] = heart;
    const token = { kind: 'emoji', emoji: broken === '' ? '❤️' : '💔', written: `<${broken}3` } as const;
    return { token, end: HEART.lastIndex };
  }
  for (const faces of [APART, ATTACHED]) {
    faces.lastIndex = at;
    const [face] = faces.exec(text) ?? [];
    if (face === undefined) continue;
    if (face.endsWith(')') && OPEN_BRACKET.test(text.slice(Math.max(0, at - 64), at))) continue;
    return { token: { kind: 'face', face }, end: at + face.length };
  }
  return undefined;
}

/**
 * The text with a space for each face and heart that is drawn of signs, as in the names that people give themselves.
 */
export function withoutFaces(text: string): string {
  const kaomoji = kaomojiSpans(text);
  let kept = '';
  for (let at = 0; at < text.length; ) {
    const end = kaomoji.get(at) ?? (mayBeFace(text.charAt(at)) ? faceAt(text, at)?.end : undefined);
    kept += end === undefined ? text.charAt(at) : ' ';
    at = end ?? at + 1;
  }
  return kept;
}
