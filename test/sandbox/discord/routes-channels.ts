import { CHANNEL_TYPE, channelPayload, type FakeChannel } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import { isRecord, type JsonObject } from './json.ts';
import { edited, type Message, messagePayload } from './message.ts';
import { CHANNEL_FLAGS, checkMessage } from './message-rules.ts';
import { PERMISSION } from './permissions.ts';
import {
  invalidForm,
  missingAccess,
  missingPermissions,
  RestError,
  unknownChannel,
  unknownGuild,
  unknownMessage,
  unknownVoiceState,
} from './rest-error.ts';
import type { RestCall, RestRoute } from './rest-server.ts';
import type { FakeUser } from './user.ts';
import type { VoiceStates } from './voice-states.ts';

interface ChannelRoutesOptions {
  readonly bot: FakeUser;
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  readonly messages: Map<string, Message>;
  readonly voiceStates: VoiceStates;
  readonly nextId: () => string;
  readonly dispatch: (guildId: string, event: string, data: object) => void;
}

const notAuthor = () => new RestError(403, 50005, 'Cannot edit a message authored by another user');

/** Channels, the messages in them, and the bot's own voice state. (Discord, "Channel", "Message", "Voice".) */
export function channelRoutes(options: ChannelRoutesOptions): RestRoute[] {
  const { bot, guilds, messages, voiceStates, nextId, dispatch } = options;
  const messagePath = '/channels/:channelId/messages/:messageId';

  /** The channel of the path, which the bot must see; `needed` further permissions. */
  function channelOf({ params }: RestCall, needed = 0n): { guild: FakeGuild; channel: FakeChannel } {
    for (const guild of guilds.values()) {
      const channel = guild.channels.get(params['channelId'] ?? '');
      if (!channel) continue;
      const bits = guild.permissionsOf(bot.id, channel);
      if ((bits & PERMISSION.viewChannel) === 0n) throw missingAccess();
      if ((bits & needed) !== needed) throw missingPermissions();
      return { guild, channel };
    }
    throw unknownChannel();
  }

  function bodyOf({ json }: RestCall): JsonObject {
    if (isRecord(json)) return json;
    throw invalidForm([], 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
  }

  function messageOf(call: RestCall, channel: FakeChannel): Message {
    const message = messages.get(call.params['messageId'] ?? '');
    if (message?.channelId !== channel.id) throw unknownMessage();
    return message;
  }

  function keep(message: Message, event: string): object {
    messages.set(message.id, message);
    dispatch(message.guildId, event, { ...messagePayload(message), guild_id: message.guildId });
    return messagePayload(message);
  }

  return [
    { method: 'GET', path: '/channels/:channelId', run: call => channelPayload(channelOf(call).channel) },
    {
      method: 'GET',
      path: '/channels/:channelId/messages',
      run(call) {
        const { channel } = channelOf(call, PERMISSION.readMessageHistory);
        const own = [...messages.values()].filter(message => message.channelId === channel.id).toReversed();
        return own.slice(0, Number(call.query.get('limit') ?? 50)).map(messagePayload);
      },
    },
    {
      method: 'POST',
      path: '/channels/:channelId/messages',
      run(call) {
        const files = call.files.length > 0;
        const { guild, channel } = channelOf(
          call,
          PERMISSION.sendMessages | (files ? PERMISSION.attachFiles : 0n),
        );
        const fields = bodyOf(call);
        checkMessage(fields, { flags: CHANNEL_FLAGS, mayBeEmpty: files });
        const flags = typeof fields['flags'] === 'number' ? fields['flags'] : 0;
        const at = new Date().toISOString();
        const place = { id: nextId(), channelId: channel.id, guildId: guild.id, author: bot };
        return keep({ ...place, fields, files: call.files, flags, at, editedAt: null }, 'MESSAGE_CREATE');
      },
    },
    {
      method: 'GET',
      path: messagePath,
      run: call => messagePayload(messageOf(call, channelOf(call, PERMISSION.readMessageHistory).channel)),
    },
    {
      method: 'PATCH',
      path: messagePath,
      run(call) {
        const message = messageOf(call, channelOf(call).channel);
        if (message.author.id !== bot.id) throw notAuthor();
        const fields = bodyOf(call);
        checkMessage(fields, { flags: CHANNEL_FLAGS, mayBeEmpty: true });
        return keep(edited(message, fields, call.files), 'MESSAGE_UPDATE');
      },
    },
    {
      method: 'PATCH',
      path: '/guilds/:guildId/voice-states/@me',
      run(call) {
        const guild = guilds.get(call.params['guildId'] ?? '');
        if (!guild) throw unknownGuild();
        const { channel_id: channelId, suppress, request_to_speak_timestamp: request } = bodyOf(call);
        const state = guild.voiceStates.get(bot.id);
        const channel = guild.channels.get(state?.channelId ?? '');
        if (!state || !channel || (channelId !== undefined && channelId !== channel.id))
          throw unknownVoiceState();
        if (channel.type !== CHANNEL_TYPE.stage) throw unknownVoiceState();
        const bits = guild.permissionsOf(bot.id, channel);
        if (suppress === false && (bits & PERMISSION.muteMembers) === 0n) throw missingPermissions();
        if (request && (bits & PERMISSION.requestToSpeak) === 0n) throw missingPermissions();
        voiceStates.put(guild, {
          ...state,
          ...(typeof suppress === 'boolean' && { suppress }),
          ...(request !== undefined && { requestToSpeak: typeof request === 'string' ? request : null }),
        });
        return undefined;
      },
    },
  ];
}
