import { type Attachment, type Message, MessageFlags, MessageReferenceType, MessageType } from 'discord.js';
import { attachmentKind, type Written } from '../../text/written.ts';

/**
 * The types of the messages that people write. All other types are Discord's own words, such as "Ana pinned a
 * message", or the answers of bots to commands.
 */
const ORDINARY: ReadonlySet<MessageType> = new Set([MessageType.Default, MessageType.Reply]);

/** The types of the messages by which bots answer those who use their commands and menus. */
const ANSWERS: ReadonlySet<MessageType> = new Set([
  MessageType.ChatInputCommand,
  MessageType.ContextMenuCommand,
]);

/** Whether a person, a bot or a webhook wrote the message by itself. */
export function isOrdinary({ type }: Message): boolean {
  return ORDINARY.has(type);
}

/** Whether a bot answers with it somebody who used a command or a menu. */
export function isAnswer({ type }: Message): boolean {
  return ANSWERS.has(type);
}

export function isSilent(message: Message): boolean {
  return message.flags.has(MessageFlags.SuppressNotifications);
}

type Content = Pick<Message, 'content' | 'attachments' | 'stickers' | 'flags'>;

function kindOf({ name, contentType }: Attachment, isVoiceMessage: boolean): Written['attachments'][number] {
  return attachmentKind(name, contentType, isVoiceMessage);
}

function contentOf({ content, attachments, stickers, flags }: Content): Written {
  const isVoiceMessage = flags.has(MessageFlags.IsVoiceMessage);
  return {
    content,
    stickers: stickers.map(({ name }) => name),
    attachments: attachments.map(attachment => kindOf(attachment, isVoiceMessage)),
  };
}

function replyOf(message: Message): Pick<Written, 'replyTo' | 'replyToId'> {
  const { repliedUser } = message.mentions;
  if (message.type !== MessageType.Reply || !repliedUser) return {};
  const { id } = repliedUser;
  return {
    replyTo: message.guild?.members.cache.get(id)?.displayName ?? repliedUser.displayName,
    replyToId: id,
  };
}

/**
 * Returns all that a message says, its text, files, stickers, poll and forward, in the form that `src/text/` takes.
 */
export function writtenOf(message: Message): Written {
  const forwarded =
    message.reference?.type === MessageReferenceType.Forward ? message.messageSnapshots.first() : undefined;
  const { poll } = message;
  return {
    ...contentOf(message),
    ...replyOf(message),
    ...(forwarded && { forwarded: contentOf(forwarded) }),
    ...(poll && {
      poll: {
        question: poll.question.text ?? '',
        answers: poll.answers.map(answer => answer.text ?? '').filter(text => text !== ''),
      },
    }),
  };
}

/**
 * Returns who wrote a message. A webhook can write under many names, and listeners take each name for another
 * speaker, so its `speakerId` has the name in it.
 */
export function authorOf({ author, member, webhookId }: Message<true>): {
  readonly id: string;
  readonly speakerId: string;
  readonly displayName: string;
  readonly byBot: boolean;
} {
  const displayName = member?.displayName ?? author.displayName;
  const speakerId = webhookId === null ? author.id : `${author.id} ${displayName}`;
  return { id: author.id, speakerId, displayName, byBot: author.bot || webhookId !== null };
}

/**
 * Returns what was written without a mention of the bot at its beginning, as people write when they speak to the bot.
 */
export function withoutAddress(written: Written, botId: string | undefined): Written {
  const [, mentioned, rest = ''] = /^<@!?(\d+)>\s*(.*)$/s.exec(written.content) ?? [];
  return mentioned === botId && rest !== '' ? { ...written, content: rest } : written;
}

/**
 * Whether there is something to say besides the text of the message: a file, a sticker, a poll, or a forwarded
 * message.
 */
export function hasMore(written: Written): boolean {
  const { attachments, stickers, poll, forwarded } = written;
  return attachments.length + stickers.length > 0 || poll !== undefined || forwarded !== undefined;
}
