import type {
  APIMessage,
  GatewayMessageUpdateDispatchData,
  GuildTextBasedChannel,
  Message,
} from 'discord.js';

/**
 * Returns a message that Discord has told of as the library's object, such as that of an edit. The library makes one of
 * an edit by itself only for messages that it keeps in memory, which here are none; the method by which it makes those
 * of new messages is not in its types.
 */
export function madeMessage(
  channel: GuildTextBasedChannel,
  told: GatewayMessageUpdateDispatchData | APIMessage,
): Message<true> {
  const messages = channel.messages as unknown as { _add(data: object, cache: boolean): Message<true> };
  return messages._add(told, false);
}
