// A message of Discord in the form that `src/text/` takes: its text, reply, poll, stickers and files, without anything
// of discord.js. `src/discord/lines/message-parts.ts` fills it in; `message-words.ts` says it.

/** What there is to say in a message: its content, and all that comes with it. */
export interface Written {
  /**
   * The text in Discord's markup: mentions, markdown, timestamps, custom emoji (API reference, "Message Formatting").
   */
  readonly content: string;
  /** The display name of the person to whom the message replies. */
  readonly replyTo?: string;
  /** The user id of that person; undefined if it is not known. */
  readonly replyToId?: string;
  readonly forwarded?: Written;
  readonly poll?: { readonly question: string; readonly answers: readonly string[] };
  /** The names of the stickers. */
  readonly stickers: readonly string[];
  readonly attachments: readonly WrittenFile[];
  /** The cards that bots and webhooks write. People's own messages have none. */
  readonly embeds?: readonly WrittenEmbed[];
}

/** A file that is attached to a message. */
export interface WrittenFile {
  readonly kind: AttachmentKind;
  /** What there is to see or hear in it, by whoever attached it ("alt text"). */
  readonly description?: string;
  /** Whether it is hidden until somebody clicks on it; then its description is not told either. */
  readonly spoiler?: boolean;
}

/** A card of a bot or webhook. Each of its texts may have Discord's markup. */
export interface WrittenEmbed {
  readonly title?: string;
  readonly description?: string;
  readonly fields?: readonly { readonly name: string; readonly value: string }[];
}

/** Returns all texts of a message, its own and those that come with it, as they were written. */
export function textsOf(written: Written): readonly string[] {
  const { content, forwarded, poll, stickers, attachments, embeds = [] } = written;
  return [
    content,
    ...(poll ? [poll.question, ...poll.answers] : []),
    ...stickers,
    ...attachments.flatMap(({ description = '' }) => (description === '' ? [] : [description])),
    ...embeds.flatMap(({ title = '', description = '', fields = [] }) => [
      title,
      description,
      ...fields.flatMap(({ name, value }) => [name, value]),
    ]),
    ...(forwarded ? textsOf(forwarded) : []),
  ];
}

/** The kinds of attachments that are told apart in speech. */
export type AttachmentKind = 'image' | 'video' | 'audio' | 'voice-message' | 'text-file' | 'archive' | 'file';

const TEXT_TYPES = /^(?:text\/|application\/(?:json|xml|javascript|x-sh|x-yaml|toml)\b)/;
const ARCHIVE_TYPES = /^application\/(?:zip|gzip|vnd\.rar|x-(?:7z|rar|tar|zip|bzip2|xz|gzip))/;

const BY_EXTENSION: readonly (readonly [AttachmentKind, RegExp])[] = [
  ['image', /\.(?:png|jpe?g|gif|webp|avif|heic|bmp|svg|tiff?)$/],
  ['video', /\.(?:mp4|mov|webm|mkv|avi|m4v)$/],
  ['audio', /\.(?:mp3|ogg|oga|opus|wav|flac|m4a|aac)$/],
  ['archive', /\.(?:zip|rar|7z|tar|gz|tgz|bz2|xz|zst)$/],
  [
    'text-file',
    /\.(?:txt|md|log|csv|json|xml|ya?ml|toml|ini|html?|css|[cm]?[jt]s|py|java|c|cpp|h|rs|go|sh)$/,
  ],
];

/** What kind of attachment is said, by its MIME type, or by its file name if the type says nothing. */
export function attachmentKind(
  name: string,
  contentType: string | null,
  isVoiceMessage: boolean,
): AttachmentKind {
  if (isVoiceMessage) return 'voice-message';
  const type = contentType?.toLowerCase() ?? '';
  if (type.startsWith('image/')) return 'image';
  if (type.startsWith('video/')) return 'video';
  if (type.startsWith('audio/')) return 'audio';
  if (ARCHIVE_TYPES.test(type)) return 'archive';
  if (TEXT_TYPES.test(type)) return 'text-file';
  const lower = name.toLowerCase();
  return BY_EXTENSION.find(([, extension]) => extension.test(lower))?.[0] ?? 'file';
}
