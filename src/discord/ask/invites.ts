/** Addresses that Discord's clients show as an invitation, with or without `https://`. */
const INVITE = /\b(discord(?:app)?)\.(?=(?:gg|new|gift)\b|com\s*\/\s*(?:invite|events|template)\b)/giu;
const ZERO_WIDTH_SPACE = '\u200b';

/** The same text for the eye, in which no address becomes an invitation. */
export function withoutInvites(text: string): string {
  return text.replaceAll(INVITE, `$1${ZERO_WIDTH_SPACE}.`);
}
