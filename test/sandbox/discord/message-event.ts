import type { FakeGuild } from './guild.ts';
import { isRecord, type JsonObject } from './json.ts';
import { memberFields } from './member.ts';
import { type Message, messagePayload } from './message.ts';
import { userPayload } from './user.ts';

/** MESSAGE_CREATE and MESSAGE_UPDATE: the message and what else the gateway says. (Discord, "Gateway Events".) */
export function messageEvent(message: Message, guild: FakeGuild): JsonObject {
  const { author, channelId, mentions, webhookId } = message;
  const member = webhookId ? undefined : guild.members.get(author.id);
  return {
    ...messagePayload(message),
    guild_id: guild.id,
    channel_type: guild.channels.get(channelId)?.type,
    mentions: mentions.users.map(user => {
      const mentioned = guild.members.get(user.id);
      return { ...userPayload(user), ...(mentioned && { member: memberFields(mentioned) }) };
    }),
    ...(member && { member: memberFields(member) }),
  };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/**
 * A message as an application without Message Content is given it: what people wrote is empty, unless the
 * message is the bot's own or mentions it. (Discord, "Gateway", Message Content Intent.)
 */
export function withoutContent(message: JsonObject, botId: string): JsonObject {
  const { author, mentions, referenced_message: referenced, message_snapshots: snapshots } = message;
  const isBot = (user: unknown) => isRecord(user) && user['id'] === botId;
  const inner = isRecord(referenced) && { referenced_message: withoutContent(referenced, botId) };
  if (isBot(author) || listOf(mentions).some(isBot)) return { ...message, ...inner };
  const { poll: _, ...rest } = message;
  return {
    ...rest,
    ...inner,
    content: '',
    embeds: [],
    attachments: [],
    components: [],
    ...(snapshots !== undefined && {
      message_snapshots: listOf(snapshots).map(snapshot =>
        isRecord(snapshot) && isRecord(snapshot['message'])
          ? { ...snapshot, message: withoutContent(snapshot['message'], botId) }
          : snapshot,
      ),
    }),
  };
}
