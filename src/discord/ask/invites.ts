// Makes Discord's invitations harmless in the questions and answers that `/ask` shows, so that nobody can use the
// language model to have the bot post invitations.

/** Matches addresses that Discord shows as an invitation, such as `discord.gg/…`, with or without `https://`. */
const INVITE = /\b(discord(?:app)?)\.(?=(?:gg|new|gift)\b|com\s*\/\s*(?:invite|events|template)\b)/giu;
const ZERO_WIDTH_SPACE = '\u200b';

/** Returns a text in which Discord shows no address as an invitation, because an invisible space is put into each. */
export function withoutInvites(text: string): string {
  return text.replaceAll(INVITE, `$1${ZERO_WIDTH_SPACE}.`);
}
