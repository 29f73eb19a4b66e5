import type { GatewayMessageUpdateDispatchData, GuildTextBasedChannel, Message } from 'discord.js';

/**
 * Returns the message of an edit as the library's object. The library makes one of an edit by itself only for messages
 * that it keeps in memory, which here are none; the method by which it makes those of new messages is not in its types.
 */
export function editedMessage(
  channel: GuildTextBasedChannel,
  edited: GatewayMessageUpdateDispatchData,
): Message<true> {
  const messages = channel.messages as unknown as { _add(data: object, cache: boolean): Message<true> };
  return messages._add(edited, false);
}
