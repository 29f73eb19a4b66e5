import { attachmentPayload, type NewAttachment } from './attachment.ts';
import type { Cdn } from './cdn.ts';
import type { FakeChannel } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import { type JsonObject, lengthOf } from './json.ts';
import { type Mentions, mentionsIn, withoutMassMentions } from './mentions.ts';
import { contentOf, MESSAGE_TYPE, type Message } from './message.ts';
import { MESSAGE_FLAG } from './message-flags.ts';
import { PERMISSION, writing as writingIn } from './permissions.ts';
import { type FakeUser, userPayload } from './user.ts';

/** With Nitro. */
const CONTENT_MAX = 4_000;
const POLL_HOURS = 24;
const HOUR_MS = 3_600_000;

/** What a message of a person has besides its text. */
export interface Writing {
  readonly attachments?: readonly NewAttachment[];
  readonly stickers?: readonly { readonly name: string }[];
  /** Cards, which only bots and webhooks write. What Discord adds to links has another type, which is given. */
  readonly embeds?: readonly JsonObject[];
  /** Components in place of a text, which only bots and webhooks write (Components V2). */
  readonly components?: readonly JsonObject[];
  readonly poll?: { readonly question: string; readonly answers: readonly string[] };
  /** The message that it answers. */
  readonly replyTo?: Pick<Message, 'id'>;
  /** A reply does not tell the one it answers ("Mention: off"). */
  readonly quietReply?: boolean;
  /** A message handed on: one of this Discord, or one from a place that the bot does not know. */
  readonly forward?: Message | { readonly content?: string; readonly attachments?: readonly NewAttachment[] };
  /** Sent with "@silent". */
  readonly silent?: boolean;
  readonly tts?: boolean;
  /** A webhook writes, under that name, not the person. The same name is the same webhook, unless `id` says more. */
  readonly webhook?: {
    readonly name: string;
    readonly id?: string;
    /** The app that made the webhook, if it was one. */
    readonly applicationId?: string;
  };
  /**
   * Another bot answers somebody who used a command of its, or a menu entry. `thinking`: the words come later, by an
   * edit.
   */
  readonly answers?: {
    readonly user: FakeUser;
    readonly to: 'command' | 'menuCommand';
    readonly thinking?: boolean;
  };
  /** The bot is told so many times of the one message. */
  readonly times?: number;
}

interface Desk {
  readonly cdn: Cdn;
  readonly nextId: () => string;
  readonly find: (messageId: string) => Message | undefined;
  /** Of the webhook of that name in a server. */
  readonly webhookId: (guildId: string, name: string) => string;
}

/** The message that a person writes. Throws where Discord's client would not let them. (Discord, "Message".) */
export function writtenMessage(
  { cdn, nextId, find, webhookId: idOf }: Desk,
  { guild, channel, user }: { guild: FakeGuild; channel: FakeChannel; user: FakeUser },
  content: string,
  writing: Writing,
): Message {
  const { attachments = [], stickers = [], poll, replyTo, forward, webhook } = writing;
  const { embeds = [], components = [] } = writing;
  const who = `${user.name} in #${channel.name}`;
  const bits = webhook ? null : guild.permissionsOf(user.id, channel);
  const may = (bit: bigint) => bits === null || (bits & bit) === bit;
  if (!webhook && (!may(writingIn(channel)) || !guild.mayRead(user.id, channel)))
    throw new Error(`${who} may not write`);
  if (attachments.length > 0 && !may(PERMISSION.attachFiles)) throw new Error(`${who} may not attach files`);
  if (lengthOf(content) > CONTENT_MAX) throw new Error(`${who}: more than ${CONTENT_MAX} characters`);
  if (forward && (content !== '' || attachments.length > 0 || poll || replyTo))
    throw new Error(`${who}: what is handed on stands alone; a comment is a message of its own`);
  const cards = embeds.map(embed => ({ type: 'rich', ...embed }));
  if (!webhook && !user.bot && (components.length > 0 || cards.some(({ type }) => type === 'rich')))
    throw new Error(`${who} is a person, who cannot write cards or components`);
  if (components.length > 0 && (content !== '' || embeds.length > 0 || poll || stickers.length > 0))
    throw new Error(`${who}: components stand in place of a text`);
  const parts = [attachments, stickers, embeds, components].flat();
  if (content.trim() === '' && parts.length === 0 && !poll && !forward && !writing.answers?.thinking)
    throw new Error(`${who}: an empty message`);
  const target = replyTo && find(replyTo.id);
  if (replyTo && target?.channelId !== channel.id) throw new Error(`${who}: what it answers is not here`);
  const files = (list: readonly NewAttachment[]) =>
    list.map(file => cdn.add({ channelId: channel.id }, file));
  const place = { channel_id: channel.id, ...(!guild.direct && { guild_id: guild.id }) };
  const at = new Date().toISOString();
  const webhookId = webhook && (webhook.id ?? idOf(guild.id, webhook.name));
  return {
    id: nextId(),
    type: MESSAGE_TYPE[writing.answers?.to ?? (target ? 'reply' : 'default')],
    channelId: channel.id,
    guildId: guild.id,
    author: webhook && webhookId ? webhookUser(webhookId, webhook.name) : user,
    fields: {
      content,
      tts: writing.tts === true && may(PERMISSION.sendTtsMessages),
      ...(stickers.length > 0 && {
        sticker_items: stickers.map(({ name }) => ({ id: nextId(), name, format_type: 1 })),
      }),
      ...(cards.length > 0 && { embeds: cards }),
      ...(components.length > 0 && { components }),
      ...(poll && { poll: pollPayload(poll) }),
      ...(target && { message_reference: { type: 0, message_id: target.id, ...place } }),
      ...(forward && forwarded(forward, { files, nextId, place, at })),
    },
    files: files(attachments),
    flags:
      (writing.silent ? MESSAGE_FLAG.silent : 0) |
      (writing.answers?.thinking ? MESSAGE_FLAG.loading : 0) |
      (components.length > 0 ? MESSAGE_FLAG.componentsV2 : 0) |
      (forward ? MESSAGE_FLAG.snapshot : 0) |
      (attachments.some(({ voiceMessage }) => voiceMessage) ? MESSAGE_FLAG.voice : 0),
    mentions: told(mentionsOf(content, guild, may), writing.quietReply ? undefined : target),
    at,
    editedAt: null,
    ...(target && { referenced: target }),
    ...(webhookId && { webhookId }),
    ...(webhook?.applicationId && { applicationId: webhook.applicationId }),
    ...(writing.answers && {
      interaction: {
        id: nextId(),
        type: 2,
        user: writing.answers.user,
        applicationId: user.id,
        owners: { '0': guild.id },
      },
    }),
  };
}

/** A webhook writes under whatever name it gives, which people read as it is. */
function webhookUser(id: string, name: string): FakeUser {
  return { id, name, username: name, bot: true, locale: 'en-US' };
}

/** The message with another text. */
export function rewritten(
  message: Message,
  content: string,
  guild: FakeGuild,
  channel: FakeChannel,
): Message {
  const bits = message.webhookId ? null : guild.permissionsOf(message.author.id, channel);
  const mentions = mentionsOf(content, guild, bit => bits === null || (bits & bit) === bit);
  const answered = message.referenced;
  const replied = answered && message.mentions.users.some(({ id }) => id === answered.author.id);
  return {
    ...message,
    fields: { ...message.fields, content },
    flags: message.flags & ~MESSAGE_FLAG.loading,
    mentions: told(mentions, replied ? answered : undefined),
    editedAt: new Date().toISOString(),
  };
}

function mentionsOf(content: string, guild: FakeGuild, may: (bit: bigint) => boolean): Mentions {
  const mentions = mentionsIn(content, guild);
  return may(PERMISSION.mentionEveryone) ? mentions : withoutMassMentions(mentions);
}

/** A reply tells the author of what it answers. */
function told(mentions: Mentions, target: Message | undefined): Mentions {
  if (!target || target.webhookId || mentions.users.some(({ id }) => id === target.author.id))
    return mentions;
  return { ...mentions, users: [...mentions.users, target.author] };
}

function pollPayload({ question, answers }: NonNullable<Writing['poll']>): object {
  return {
    question: { text: question },
    answers: answers.map((text, index) => ({ answer_id: index + 1, poll_media: { text } })),
    expiry: new Date(Date.now() + POLL_HOURS * HOUR_MS).toISOString(),
    allow_multiselect: false,
    layout_type: 1,
  };
}

function forwarded(
  forward: NonNullable<Writing['forward']>,
  {
    files,
    nextId,
    place,
    at,
  }: {
    files: (list: readonly NewAttachment[]) => Message['files'];
    nextId: () => string;
    place: { channel_id: string; guild_id?: string };
    at: string;
  },
): object {
  if (!('fields' in forward))
    return {
      message_reference: { type: 1, message_id: nextId(), ...place },
      message_snapshots: [{ message: snapshot(forward.content ?? '', files(forward.attachments ?? []), at) }],
    };
  const { id, channelId, guildId, fields } = forward;
  const { sticker_items: stickers } = fields;
  return {
    message_reference: { type: 1, message_id: id, channel_id: channelId, guild_id: guildId },
    message_snapshots: [
      {
        message: {
          ...snapshot(contentOf(forward), forward.files, forward.at),
          mentions: forward.mentions.users.map(userPayload),
          mention_roles: forward.mentions.roles,
          flags: forward.flags,
          ...(stickers !== undefined && { sticker_items: stickers }),
        },
      },
    ],
  };
}

function snapshot(content: string, files: Message['files'], timestamp: string): object {
  return {
    type: MESSAGE_TYPE.default,
    content,
    embeds: [],
    components: [],
    attachments: files.map(file => attachmentPayload(file)),
    mentions: [],
    mention_roles: [],
    timestamp,
    edited_timestamp: null,
    flags: 0,
  };
}
