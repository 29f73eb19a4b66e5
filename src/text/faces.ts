import { kaomojiSpans } from './kaomoji.ts';
import type { Found } from './token.ts';

// Finds faces that are drawn of signs without brackets, such as ":-)", "T_T" and "<3".

/** What a face can begin with. It saves the search for one at all other places. */
const FIRST = new Set('<＜>ㅡㅇㅠㅎ:;=xXDTQOoUucC0([)]_^-.@*+~¬•°ಠಥ⊙ʘòóÒÓvnqÒ¯┬\\＼>＞≧⌐(/⁄_$|');
/** An end of the text, a space, or a sign after which a face may stand at once. */
const BEFORE = String.raw`(?<![^\s!?.,…~。、！？」』）)*_|])`;
const AFTER = String.raw`(?![^\s.,!?…。、！？)）」』~*_|])`;
/** Faces that have letters or digits, or signs that mean something in words. They stand apart from words. */
const APART = new RegExp(
  `${BEFORE}(?:${[
    // Eyes, perhaps brows, a tear and a nose, and a mouth: ":-)", ">:(", ":'D", "=P", "X-D".
    String.raw`[>}]?(?:[:;]['’,]?[-^o]?(?:[)\]}>]+|[(\[{<]+|[DPpbOoSsXxCcvVLq]+|3+|[/\\|*$@#&])|=['’,]?[-^]?(?:\)+|\(+|[DPp]+|3+))`,
    String.raw`[xX][-^]?D+|x[dD]+|[DcC]:(?=\s*$)|[(\[][-^]?[:;=]|[)\]][-^]?[:;=]`,
    // Two equal eyes and a mouth: "T_T", "o.O", "x_x", "QwQ".
    String.raw`T{1,2}[_.wov^-]+T{1,2}|TAT|Q[_.wA]+Q|[oO][_.]+[oO0]|0_+[0oO]|([uUnvxXqò])_+\1|[ÒÓòó][_.wvω][ÒÓòó]|O_O`,
    // People with raised arms, people who kneel, and what Discord's own commands write.
    String.raw`\\[oO]/|[oO]7(?!\d)|[oO]/|\\m/|_?\|?orz|_?\|?OTL|¯\\{0,2}_\(ツ\)_\/¯|\(╯°□°\)╯︵ ┻━┻|┬─┬ノ\( º _ ºノ\)`,
  ].join('|')})${AFTER}`,
  'uy',
);
/** Faces of signs that mean nothing else. They may stand directly behind a word, as people write them. */
const ATTACHED = new RegExp(
  `(?:${[
    String.raw`(?<=\p{Ll}{2}):-?[DPp](?![\p{L}\p{N}])|[:;=]['’]?-?(?:\)+|\(+(?!\S))|\^[_oω.-]*\^[;゛゜ゞ"]*|>[_.wω]*<|>\/{2,}<|;[-_.w]*;(?!\S)|-[_.]+-+[;"]*|=_+=|\._+\.|@_+@|\*_+\*|\+_+\+|\$_+\$|~_+~`,
    String.raw`([¬•°ಠಥ⊙ʘ])[_.‿ᴗω-]?\1|=\^[_.ω-]?\^=|ㅡ[_.]*ㅡ[;^]*|ㅇ[ㅅㅁㅂ_.]ㅇ|ㅠ[_.]+ㅠ|ㅎ[_.]+ㅎ|[＞≧][_ω▽﹏∇ᗜ]?[＜≦]|(?:[＜<][●◎⊙◉][＞>]){2}|⌐■-■|>_>|<_<|>\.>|<\.<|[⁄/]{2,}[^\s\p{L}\p{N}]{1,6}[⁄/]{2,}`,
  ].join('|')})${AFTER}`,
  'uy',
);
const HEART = /(?<!\S)<([/\\]?)3+(?![^\s.,!?…。！？)）*_|])/y;
/** A bracket that is open before a face such as ":)" is what its mouth closes: "(like this:)". */
const OPEN_BRACKET = /(?<![:;=^'-])[(（][^()（）\n]{0,60}$/u;

/** Whether a face may begin with `char`. */
export function mayBeFace(char: string): boolean {
  return FIRST.has(char);
}

/** The face or heart, drawn of signs, that begins at the place `at`; undefined if none does. */
export function faceAt(text: string, at: number): Found | undefined {
  HEART.lastIndex = at;
  const heart = HEART.exec(text);
  if (heart) return { token: { kind: 'emoji', emoji: heart[1] === '' ? '❤️' : '💔' }, end: HEART.lastIndex };
  for (const faces of [APART, ATTACHED]) {
    faces.lastIndex = at;
    const [face] = faces.exec(text) ?? [];
    if (face === undefined) continue;
    if (face.endsWith(')') && OPEN_BRACKET.test(text.slice(Math.max(0, at - 64), at))) continue;
    return { token: { kind: 'face', face }, end: at + face.length };
  }
  return undefined;
}

/** The text with a space for each face and heart that is drawn of signs, as in the names that people give themselves. */
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
