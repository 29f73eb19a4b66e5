// Tells which scripts a text is written in, and how much of it in each.

/** A script, or the language that alone has it. */
export type Script =
  | 'latin'
  | 'cyrillic'
  | 'arabic'
  | 'devanagari'
  | 'han'
  | 'kana'
  | (typeof OF_ONE_LANGUAGE)[number][0];

/** Scripts of which this bot takes each for one language, with their blocks (Unicode, "Blocks.txt"). */
const OF_ONE_LANGUAGE = [
  ['el', 0x0370, 0x03ff],
  ['hy', 0x0530, 0x058f],
  ['he', 0x0590, 0x05ff],
  ['bn', 0x0980, 0x09ff],
  ['pa', 0x0a00, 0x0a7f],
  ['gu', 0x0a80, 0x0aff],
  ['ta', 0x0b80, 0x0bff],
  ['te', 0x0c00, 0x0c7f],
  ['kn', 0x0c80, 0x0cff],
  ['ml', 0x0d00, 0x0d7f],
  ['si', 0x0d80, 0x0dff],
  ['th', 0x0e00, 0x0e7f],
  ['lo', 0x0e80, 0x0eff],
  ['my', 0x1000, 0x109f],
  ['ka', 0x10a0, 0x10ff],
  ['ko', 0x1100, 0x11ff],
  ['am', 0x1200, 0x137f],
  ['km', 0x1780, 0x17ff],
  ['ko', 0x3130, 0x318f],
  ['ko', 0xac00, 0xd7af],
] as const;

const BLOCKS: readonly (readonly [Script, number, number])[] = [
  ['latin', 0x0000, 0x024f],
  ['latin', 0x1e00, 0x1eff],
  ['cyrillic', 0x0400, 0x052f],
  ['arabic', 0x0600, 0x077f],
  ['devanagari', 0x0900, 0x097f],
  ['kana', 0x3040, 0x30ff],
  ['kana', 0xff66, 0xff9f],
  ['han', 0x2e80, 0x2fdf],
  ['han', 0x3400, 0x9fff],
  ['han', 0x20000, 0x3ffff],
  ...OF_ONE_LANGUAGE,
];

/** About this many letters make a word, in scripts that put no spaces between words or write syllables. */
const LETTERS_A_WORD: Partial<Record<Script, number>> = {
  han: 2,
  kana: 3,
  ko: 2.5,
  th: 5,
  lo: 5,
  my: 5,
  km: 5,
};

const LETTER_IS_WORD: ReadonlySet<Script> = new Set<Script>(['latin', 'han', 'kana', 'ko']);

/** What a text has in one script. */
export interface ScriptShare {
  /** The stretches of letters without a space or another script between them, in the order of the text. */
  readonly stretches: string[];
  /** About how many words they are. */
  words: number;
}

const LETTERS = /[\p{L}\p{M}](?:['’-]?[\p{L}\p{M}])*/gu;
const LETTER = /\p{L}/u;

/** Divides the letters of a text by their scripts. A mark belongs to the letter before it. */
export function scriptsOf(text: string): Map<Script, ScriptShare> {
  const parts = new Map<Script, ScriptShare>();
  for (const [word] of text.matchAll(LETTERS)) {
    let from = 0;
    let at = 0;
    let script: Script | undefined;
    for (const character of word) {
      const next = LETTER.test(character) ? scriptOf(character.codePointAt(0) ?? 0) : script;
      if (next !== script) {
        if (script) add(parts, script, word.slice(from, at));
        from = at;
        script = next;
      }
      at += character.length;
    }
    if (script) add(parts, script, word.slice(from));
  }
  return parts;
}

function add(parts: Map<Script, ScriptShare>, script: Script, letters: string): void {
  // Single letters of other alphabets are drawn into faces, as in "ಠ_ಠ" and "(ﾟДﾟ)".
  if (letters.length === 1 && !LETTER_IS_WORD.has(script)) return;
  const part = parts.get(script) ?? { stretches: [], words: 0 };
  parts.set(script, part);
  part.stretches.push(letters);
  const perWord = LETTERS_A_WORD[script];
  part.words += perWord === undefined ? 1 : letters.length / perWord;
}

function scriptOf(code: number): Script | undefined {
  if (code < 0x250) return 'latin';
  return BLOCKS.find(([, first, last]) => code >= first && code <= last)?.[0];
}
