/** Pieces as a model writes them: at most six letters with the space before them, or a sign. Joined, the same text. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*(?:[\p{L}\p{M}\p{N}'’]{1,6}|[^\s])|\s+$/gu) ?? [];
}
