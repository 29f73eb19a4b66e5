import type { AskedMessage } from '../chat/why.ts';

/**
 * The message that somebody names: by its id, by channel and id as Discord's "Copy ID" with Shift gives them, or by a
 * link. Null if the text is none of these.
 */
export function messageIn(text: string): AskedMessage | null {
  const link = /^(?:https:\/\/\S*\/channels\/(\d+)\/(\d+)\/|(\d{15,20})-)?(\d{15,20})\/?$/.exec(text.trim());
  if (!link) return null;
  const [, guildId, channelOfLink, channelOfCopy, id = ''] = link;
  return { id, guildId, channelId: channelOfLink ?? channelOfCopy };
}
