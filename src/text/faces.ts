import type { Found } from './token.ts';

/** What faces begin with; brackets also within a word, the others where one begins. */
const BRACKETS = new Set('(（');
const FIRST = new Set(':;=xX<>^-T(oO0uU¯┬');
/**
 * Faces of the West, with eyes, perhaps a tear and a nose, and a mouth; of the East; and what Discord's own
 * `/shrug`, `/tableflip` and `/unflip` write. They stand alone.
 */
const FACE =
  /(?<!\S)(?:>?[:;]['’,]?[-^]?(?:\)+|\(+|\]|\[|D+|[PpbOoSsXxCc3/\\|*$@])|=(?:\)+|\(+|D+|[Pp])|\([-^]?[:;]|[xX][dD]+|\^_*\^|-_+-|T_+T|>_+<|[oO0]_+[oO0]|[uU]_+[uU]|¯\\{0,2}_\(ツ\)_\/¯|\(╯°□°\)╯︵ ┻━┻|┬─┬ノ\( º _ ºノ\))(?![^\s.,!?])/uy;
/** Signs, but those that belong to writing, and none that is a picture by itself. */
const SIGN = String.raw`(?![()（）|.,'"“”‘’]|\p{Extended_Pictographic})[\p{P}\p{S}]`;
/** Signs in brackets, with one letter as the mouth at most: "(^o^)", "(´・ω・`)"; and a hand that waves. */
const BRACKETED = new RegExp(
  String.raw`[(（](?:(?:${SIGN}){1,4}\p{L}(?:${SIGN}){1,4}|(?:${SIGN}){2,6}|T_+T)[)）][ゞノﾉ]?`,
  'uy',
);
const HEART = /(?<!\S)<(\/?)3+(?![^\s.,!?])/y;

/** Whether a face may begin with `char`, by what stands before it. */
export function mayBeFace(before: string, char: string): boolean {
  return BRACKETS.has(char) || (FIRST.has(char) && before.trim() === '');
}

/** The face or heart drawn of signs that begins at `at`. */
export function faceAt(text: string, at: number): Found | undefined {
  HEART.lastIndex = at;
  const heart = HEART.exec(text);
  if (heart) return { token: { kind: 'emoji', emoji: heart[1] === '/' ? '💔' : '❤️' }, end: HEART.lastIndex };
  for (const faces of [FACE, BRACKETED]) {
    faces.lastIndex = at;
    const [face] = faces.exec(text) ?? [];
    if (face !== undefined) return { token: { kind: 'face', face }, end: at + face.length };
  }
  return undefined;
}
