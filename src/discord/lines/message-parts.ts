import { type Attachment, type Message, MessageFlags, MessageReferenceType, MessageType } from 'discord.js';
import { attachmentKind, type Written } from '../../text/written.ts';

/** Those that people write; all others are Discord's own words, such as "Ana pinned a message". */
const ORDINARY: ReadonlySet<MessageType> = new Set([MessageType.Default, MessageType.Reply]);

export function isOrdinary(message: Message): boolean {
  return ORDINARY.has(message.type);
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

function replyNameOf(message: Message): string | undefined {
  const { repliedUser } = message.mentions;
  if (message.type !== MessageType.Reply || !repliedUser) return undefined;
  return message.guild?.members.cache.get(repliedUser.id)?.displayName ?? repliedUser.displayName;
}

/** What a message says, in words and otherwise: in the form that src/text/ takes. */
export function writtenOf(message: Message): Written {
  const forwarded =
    message.reference?.type === MessageReferenceType.Forward ? message.messageSnapshots.first() : undefined;
  const replyTo = replyNameOf(message);
  const { poll } = message;
  return {
    ...contentOf(message),
    ...(replyTo !== undefined && { replyTo }),
    ...(forwarded && { forwarded: contentOf(forwarded) }),
    ...(poll && {
      poll: {
        question: poll.question.text ?? '',
        answers: poll.answers.map(answer => answer.text ?? '').filter(text => text !== ''),
      },
    }),
  };
}

/** Who a message is by; a webhook has many names, each of which is somebody else to those who listen. */
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

/** Without the mention of the bot at the beginning, with which people speak to it. */
export function withoutAddress(written: Written, botId: string | undefined): Written {
  const [, mentioned, rest = ''] = /^<@!?(\d+)>\s*(.*)$/s.exec(written.content) ?? [];
  return mentioned === botId && rest !== '' ? { ...written, content: rest } : written;
}

/** There is something to say besides the words of the message itself. */
export function hasMore(written: Written): boolean {
  const { attachments, stickers, poll, forwarded } = written;
  return attachments.length + stickers.length > 0 || poll !== undefined || forwarded !== undefined;
}
