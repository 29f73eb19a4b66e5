// Takes away brackets that enclose nothing, or have no partner. `sayable.ts` calls it near the end of a text's way.

/** Brackets of words, by their closing one. Square and curly brackets are not among them. */
const PARTNERS: Readonly<Record<string, string>> = {
  ')': '(',
  '）': '（',
  '」': '「',
  '』': '『',
  '】': '【',
  '〕': '〔',
  '》': '《',
  '〉': '〈',
};
const BRACKETS = /[()（）「」『』【】〔〕《》〈〉]/;
const ALL_BRACKETS = new RegExp(BRACKETS, 'g');
const WORD = /[\p{L}\p{M}\p{N}]/u;
/** What stands before the bracket of a list, as in "1) pizza". */
const OF_LIST = /(?:^|\s)(?:\p{L}|\p{N}{1,3})$/u;

/** The text without brackets that have no partner, such as those of a smile ")))", and without pairs around nothing. */
export function withoutLooseBrackets(text: string): string {
  if (!BRACKETS.test(text)) return text;
  const loose = new Set<number>();
  /** The brackets that are open, and for each the place from which on nothing was written but other loose brackets. */
  const open: { readonly char: string; readonly at: number; hasWords: boolean }[] = [];
  let from = 0;
  for (const { 0: char, index: at } of text.matchAll(ALL_BRACKETS)) {
    const last = open.at(-1);
    if (last && text.slice(from, at).trim() !== '') last.hasWords = true;
    from = at + 1;
    const partner = PARTNERS[char];
    if (partner === undefined) open.push({ char, at, hasWords: false });
    else if (last?.char === partner) {
      open.pop();
      const outer = open.at(-1);
      if (!last.hasWords) loose.add(last.at).add(at);
      else if (outer) outer.hasWords = true;
    } else if (text.charAt(at + 1) !== ' ' || !OF_LIST.test(text.slice(Math.max(0, at - 4), at)))
      loose.add(at);
  }
  for (const { at } of open) loose.add(at);
  return loose.size === 0 ? text : without(text, loose);
}

function without(text: string, places: ReadonlySet<number>): string {
  let kept = '';
  let from = 0;
  for (const at of [...places].sort((a, b) => a - b)) {
    kept += text.slice(from, at);
    if (WORD.test(text.charAt(at - 1)) && WORD.test(text.charAt(at + 1))) kept += ' ';
    from = at + 1;
  }
  return kept + text.slice(from);
}
