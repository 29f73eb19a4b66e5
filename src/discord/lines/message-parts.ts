import {
  type Attachment,
  AttachmentFlags,
  type ComponentType,
  ContainerComponent,
  type Message,
  MessageFlags,
  MessageReferenceType,
  MessageType,
  SectionComponent,
  TextDisplayComponent,
} from 'discord.js';
import { attachmentKind, type Written, type WrittenEmbed, type WrittenFile } from '../../text/written.ts';

// Tells what a message of Discord is, who wrote it, and all that it says, in the form that `src/text/` takes.

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

/** Whether the message is the answer of a bot to somebody who used a command or a menu. */
export function isAnswer({ type }: Message): boolean {
  return ANSWERS.has(type);
}

/** Whether a bot shows by the message that it is "thinking"; it will put its answer there by an edit. */
export function isThinking({ flags }: Message): boolean {
  return flags.has(MessageFlags.Loading);
}

export function isSilent(message: Message): boolean {
  return message.flags.has(MessageFlags.SuppressNotifications);
}

type Content = Pick<Message, 'content' | 'attachments' | 'stickers' | 'flags'>;

/** Discord's client hides a file that was marked as a spoiler by this name; newer ones set a flag. */
const SPOILER_NAME = /^SPOILER_/;
/** Pictures of these types may move, and moving pictures have the flag `IsAnimated`. */
const MAY_MOVE = /^(?:image\/(?:gif|webp|avif|apng)|video\/)/;

/**
 * Whether people see the file only after they have clicked on it. Sources disagree about which of two flags says so,
 * `1 << 3` or `1 << 5`, which others call `IsAnimated`. So both hide a file, but not one that may move.
 */
function isSpoiler({ name, contentType, flags }: Attachment): boolean {
  if (SPOILER_NAME.test(name) || flags.has(AttachmentFlags.IsSpoiler)) return true;
  return flags.has(AttachmentFlags.IsAnimated) && !MAY_MOVE.test(contentType ?? '');
}

function fileOf(attachment: Attachment, isVoiceMessage: boolean): WrittenFile {
  const { name, contentType, description } = attachment;
  return {
    kind: attachmentKind(name, contentType, isVoiceMessage),
    ...(description !== null && { description }),
    ...(isSpoiler(attachment) && { spoiler: true }),
  };
}

function contentOf({ content, attachments, stickers, flags }: Content): Written {
  const isVoiceMessage = flags.has(MessageFlags.IsVoiceMessage);
  return {
    content,
    stickers: stickers.map(({ name }) => name),
    attachments: attachments.map(attachment => fileOf(attachment, isVoiceMessage)),
  };
}

/**
 * Returns the cards of a message of a bot or webhook, and the texts that it shows as components. What Discord adds to
 * a link, such as the title of a video, is no card: only those of the type "rich" are written.
 */
function embedsOf({ embeds, components }: Pick<Message, 'embeds' | 'components'>): WrittenEmbed[] {
  const cards = embeds
    .filter(({ data }) => (data as { type?: string }).type === 'rich')
    .map(({ title, description, fields }) => ({
      ...(title !== null && { title }),
      ...(description !== null && { description }),
      fields: fields.map(({ name, value }) => ({ name, value })),
    }));
  return [...cards, ...components.flatMap(textsShown).map(description => ({ description }))];
}

/** Returns the texts of a component and of those in it, from top to bottom. */
function textsShown(component: { readonly type: ComponentType }): string[] {
  if (component instanceof TextDisplayComponent) return [component.content];
  if (component instanceof ContainerComponent || component instanceof SectionComponent)
    return component.components.flatMap(textsShown);
  return [];
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
 * Returns all that a message says, in the form that `src/text/` takes: its text, files, stickers and poll, a forwarded
 * message, and the cards of a bot.
 */
export function writtenOf(message: Message): Written {
  const forwarded =
    message.reference?.type === MessageReferenceType.Forward ? message.messageSnapshots.first() : undefined;
  const { poll, author, webhookId } = message;
  const embeds = author.bot || webhookId !== null ? embedsOf(message) : [];
  return {
    ...contentOf(message),
    ...(embeds.length > 0 && { embeds }),
    ...replyOf(message),
    ...(forwarded && { forwarded: contentOf(forwarded) }),
    ...(poll && {
      poll: {
        question: poll.question.text ?? '',
        answers: poll.answers.map(({ text, emoji }) => text || emoji?.name || '').filter(text => text !== ''),
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
 * Whether there is something to say besides the text of the message: a file, a sticker, a poll, a card of a bot, or a
 * forwarded message.
 */
export function hasMore(written: Written): boolean {
  const { attachments, stickers, poll, forwarded, embeds = [] } = written;
  if (attachments.length + stickers.length + embeds.length > 0) return true;
  return poll !== undefined || forwarded !== undefined;
}
