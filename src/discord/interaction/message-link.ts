import type { AskedMessage } from '../chat/why.ts';

/**
 * Reads which message somebody means. The text can be the message's id, the `channel-message` pair that Discord copies
 * for "Copy ID" while Shift is held, or a link to the message. Returns null when it is none of these.
 */
export function messageIn(text: string): AskedMessage | null {
  const link = /^(?:https:\/\/\S*\/channels\/(\d+)\/(\d+)\/|(\d{15,20})-)?(\d{15,20})\/?$/.exec(text.trim());
  if (!link) return null;
  const [, guildId, channelOfLink, channelOfCopy, id = ''] = link;
  return { id, guildId, channelId: channelOfLink ?? channelOfCopy };
}
