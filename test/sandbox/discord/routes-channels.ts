import type { BotMessages } from './bot-messages.ts';
import { channelPayload, type FakeChannel } from './channel.ts';
import type { DiscordFaults } from './faults.ts';
import type { FakeGuild } from './guild.ts';
import { isRecord, type JsonObject } from './json.ts';
import { isEphemeral, MESSAGE_TYPE, type Message, messagePayload } from './message.ts';
import { withoutContent } from './message-event.ts';
import { CHANNEL_FLAGS, MESSAGE_FLAG } from './message-flags.ts';
import { messagePage } from './message-page.ts';
import { checkMessage } from './message-rules.ts';
import type { Messages } from './messages.ts';
import { PERMISSION, writing } from './permissions.ts';
import { objectOf } from './rest-body.ts';
import {
  invalidForm,
  missingAccess,
  missingPermissions,
  RestError,
  unknownChannel,
  unknownMessage,
} from './rest-error.ts';
import type { RestCall, RestRoute } from './rest-server.ts';
import type { FakeUser } from './user.ts';
import { noVoiceHere } from './voice-message-rules.ts';

interface ChannelRoutesOptions {
  readonly bot: FakeUser;
  readonly faults: DiscordFaults;
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  readonly messages: Messages;
  readonly posts: BotMessages;
}

const notAuthor = () => new RestError(403, 50005, 'Cannot edit a message authored by another user');
const noHistory = () => new RestError(400, 160002, 'Cannot reply without permission to read message history');

/** Channels, and the messages in them. (Discord, "Channel", "Message".) */
export function channelRoutes({ bot, faults, guilds, messages, posts }: ChannelRoutesOptions): RestRoute[] {
  const messagesPath = '/channels/:channelId/messages';
  const messagePath = `${messagesPath}/:messageId`;

  /** The channel of the path, which the bot must see; `needed` further permissions. */
  function channelOf({ params }: RestCall, needed = 0n): { guild: FakeGuild; channel: FakeChannel } {
    for (const guild of guilds.values()) {
      const channel = guild.channels.get(params['channelId'] ?? '');
      if (!channel) continue;
      if (!guild.mayRead(bot.id, channel)) throw missingAccess();
      if ((guild.permissionsOf(bot.id, channel) & needed) !== needed) throw missingPermissions();
      return { guild, channel };
    }
    throw unknownChannel();
  }

  function messageOf(call: RestCall, channel: FakeChannel): Message {
    const message = messages.get(call.params['messageId'] ?? '');
    if (message?.channelId !== channel.id || isEphemeral(message)) throw unknownMessage();
    return message;
  }

  /** The message that a post answers. */
  function referenced(reference: unknown, guild: FakeGuild, channel: FakeChannel): Message | undefined {
    if (!isRecord(reference) || (reference['type'] ?? 0) !== 0) return undefined;
    if ((guild.permissionsOf(bot.id, channel) & PERMISSION.readMessageHistory) === 0n) throw noHistory();
    const message = messages.get(String(reference['message_id']));
    if (message?.channelId === channel.id) return message;
    if (reference['fail_if_not_exists'] === false) return undefined;
    throw invalidForm(['message_reference'], 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
  }

  /** As the application may read it: what the intent is for, REST keeps back as well. */
  function read(message: Message): object {
    const payload = messagePayload(message);
    return faults.messageContentIntent ? payload : withoutContent({ ...payload }, bot.id);
  }

  function post(call: RestCall): object {
    const { guild, channel } = channelOf(call);
    const { files } = call;
    const { message_reference: reference, ...fields }: JsonObject = objectOf(call);
    const voice = (Number(fields['flags'] ?? 0) & MESSAGE_FLAG.voice) !== 0;
    // A voice message needs a permission of its own, and not the one to attach files.
    const needed = writing(channel) | (files.length > 0 && !voice ? PERMISSION.attachFiles : 0n);
    const bits = guild.permissionsOf(bot.id, channel);
    if ((bits & needed) !== needed) throw missingPermissions();
    if (voice && (bits & PERMISSION.sendVoiceMessages) === 0n) throw noVoiceHere();
    checkMessage(fields, { flags: CHANNEL_FLAGS, files });
    const answered = referenced(reference, guild, channel);
    const more = answered && { type: MESSAGE_TYPE.reply, referenced: answered };
    return messagePayload(posts.post({ guild, channel }, { fields, files }, more));
  }

  return [
    { method: 'GET', path: '/channels/:channelId', run: call => channelPayload(channelOf(call).channel) },
    {
      method: 'GET',
      path: messagesPath,
      run(call) {
        const { guild, channel } = channelOf(call);
        const page = messagePage(call.query, messages.in(channel.id)).toReversed();
        const may = guild.permissionsOf(bot.id, channel) & PERMISSION.readMessageHistory;
        return may === 0n ? [] : page.map(read);
      },
    },
    { method: 'POST', path: messagesPath, run: post },
    {
      method: 'GET',
      path: messagePath,
      run: call => read(messageOf(call, channelOf(call, PERMISSION.readMessageHistory).channel)),
    },
    {
      method: 'PATCH',
      path: messagePath,
      run(call) {
        const message = messageOf(call, channelOf(call).channel);
        if (message.author.id !== bot.id) throw notAuthor();
        const fields = objectOf(call);
        checkMessage(fields, { flags: CHANNEL_FLAGS, files: call.files, before: message });
        return messagePayload(posts.edit(message, { fields, files: call.files }));
      },
    },
    {
      method: 'DELETE',
      path: messagePath,
      run(call) {
        const { guild, channel } = channelOf(call);
        const message = messageOf(call, channel);
        const may = guild.permissionsOf(bot.id, channel) & PERMISSION.manageMessages;
        if (message.author.id !== bot.id && may === 0n) throw missingPermissions();
        messages.delete(message);
        return undefined;
      },
    },
  ];
}
