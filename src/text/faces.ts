import type { Found } from './token.ts';

// Finds faces that are drawn of signs, such as ":-)", "(^o^)" and "<3".

/** What a face can begin with. A face with brackets may begin anywhere, the others only after a space. */
const BRACKETS = new Set('(（');
const FIRST = new Set(':;=xX<>^-T(oO0uU¯┬');
/**
 * Western faces (eyes, perhaps a tear and a nose, and a mouth), eastern faces, and what Discord's own commands
 * `/shrug`, `/tableflip` and `/unflip` write. They have spaces around them.
 */
const FACE =
  /(?<!\S)(?:>?[:;]['’,]?[-^]?(?:\)+|\(+|\]|\[|D+|[PpbOoSsXxCc3/\\|*$@])|=(?:\)+|\(+|D+|[Pp])|\([-^]?[:;]|[xX][dD]+|\^_*\^|-_+-|T_+T|>_+<|[oO0]_+[oO0]|[uU]_+[uU]|¯\\{0,2}_\(ツ\)_\/¯|\(╯°□°\)╯︵ ┻━┻|┬─┬ノ\( º _ ºノ\))(?![^\s.,!?])/uy;
/** A sign that can be part of a face: none that belongs to writing, and no emoji. */
const SIGN = String.raw`(?![()（）|.,'"“”‘’]|\p{Extended_Pictographic})[\p{P}\p{S}]`;
/** Signs in brackets, with at most one letter as the mouth: "(^o^)", "(´・ω・`)". A waving hand may follow. */
const BRACKETED = new RegExp(
  String.raw`[(（](?:(?:${SIGN}){1,4}\p{L}(?:${SIGN}){1,4}|(?:${SIGN}){2,6}|T_+T)[)）][ゞノﾉ]?`,
  'uy',
);
const HEART = /(?<!\S)<(\/?)3+(?![^\s.,!?])/y;

/** Whether a face may begin with `char` when the character `before` stands before it. */
export function mayBeFace(before: string, char: string): boolean {
  return BRACKETS.has(char) || (FIRST.has(char) && before.trim() === '');
}

/** The face or heart, drawn of signs, that begins at the place `at`; undefined if none does. */
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
