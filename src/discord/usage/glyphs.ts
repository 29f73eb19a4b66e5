import { readFileSync } from 'node:fs';

// Tells whether the fonts in which the picture of `/usage` is drawn have all characters of a text, such as somebody's
// name. It reads their table `cmap` (OpenType, "cmap — Character To Glyph Index Mapping Table").

/** The format of the table that covers the characters up to U+FFFF, in segments. */
const SEGMENTS = 4;
/** The format of the table that covers all characters of Unicode, in groups. */
const GROUPS = 12;

/** Returns the function that tells whether all characters of a text can be drawn with these fonts. */
export function glyphsOf(fontFiles: readonly string[]): (text: string) => boolean {
  const ranges = fontFiles.flatMap(file => rangesOf(readFileSync(file)));
  const known = new Map<number, boolean>();
  const draws = (code: number): boolean => {
    let found = known.get(code);
    if (found === undefined) {
      found = ranges.some(([first, last]) => code >= first && code <= last);
      known.set(code, found);
    }
    return found;
  };
  return text => Array.from(text).every(character => draws(character.codePointAt(0) ?? 0));
}

type Range = readonly [first: number, last: number];

function rangesOf(font: Buffer): Range[] {
  const tables = font.readUInt16BE(4);
  for (let at = 12; at < 12 + tables * 16; at += 16)
    if (font.toString('latin1', at, at + 4) === 'cmap') return rangesIn(font, font.readUInt32BE(at + 8));
  return [];
}

function rangesIn(font: Buffer, cmap: number): Range[] {
  const found: Range[] = [];
  const subtables = font.readUInt16BE(cmap + 2);
  for (let index = 0; index < subtables; index += 1) {
    const at = cmap + font.readUInt32BE(cmap + 4 + index * 8 + 4);
    const format = font.readUInt16BE(at);
    if (format === GROUPS) found.push(...groups(font, at));
    else if (format === SEGMENTS) found.push(...segments(font, at));
  }
  return found;
}

function groups(font: Buffer, at: number): Range[] {
  const count = font.readUInt32BE(at + 12);
  return Array.from({ length: count }, (_, index): Range => {
    const group = at + 16 + index * 12;
    return [font.readUInt32BE(group), font.readUInt32BE(group + 4)];
  });
}

function segments(font: Buffer, at: number): Range[] {
  const count = font.readUInt16BE(at + 6) / 2;
  const ends = at + 14;
  const starts = ends + count * 2 + 2;
  return Array.from(
    { length: count },
    (_, index): Range => [font.readUInt16BE(starts + index * 2), font.readUInt16BE(ends + index * 2)],
  ).filter(([first]) => first !== 0xffff);
}
