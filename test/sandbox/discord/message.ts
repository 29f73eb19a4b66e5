import { type Attachment, attachmentPayload } from './attachment.ts';
import type { JsonObject } from './json.ts';
import type { Mentions } from './mentions.ts';
import { MESSAGE_FLAG } from './message-flags.ts';
import type { Owners } from './place.ts';
import { type FakeUser, userPayload } from './user.ts';

/** (Discord, "Message", Message Types.) */
export const MESSAGE_TYPE = { default: 0, reply: 19, command: 20, menuCommand: 23 } as const;

/** The interaction that a message answers. */
export interface MessageInteraction {
  readonly id: string;
  readonly type: number;
  readonly user: FakeUser;
  readonly applicationId: string;
  readonly owners: Owners;
}

/** A message as Discord stores it; `fields` are those that its author sent, as far as they are shown as they are. */
export interface Message {
  readonly id: string;
  readonly type: (typeof MESSAGE_TYPE)[keyof typeof MESSAGE_TYPE];
  readonly channelId: string;
  readonly guildId: string;
  readonly author: FakeUser;
  readonly fields: JsonObject;
  readonly files: readonly Attachment[];
  readonly flags: number;
  readonly mentions: Mentions;
  readonly at: string;
  readonly editedAt: string | null;
  /** What it answers, as it was then; null if that was gone. */
  readonly referenced?: Message | null;
  /** The author is a webhook, not a member. */
  readonly webhookId?: string;
  /** The app that made the webhook. */
  readonly applicationId?: string;
  readonly interaction?: MessageInteraction;
}

/** A message as tests name it: what `message()` returns, and what an interaction shows. */
export type FakeMessage = Message;

export function isEphemeral({ flags }: Message): boolean {
  return (flags & MESSAGE_FLAG.ephemeral) !== 0;
}

/** The text as it stands. */
export function contentOf({ fields }: Message): string {
  const { content } = fields;
  return typeof content === 'string' ? content : '';
}

/** Links to a message's own files, which it names `attachment://name`, become their addresses. */
function linked(value: unknown, files: readonly Attachment[]): unknown {
  if (typeof value === 'string' && value.startsWith('attachment://'))
    return files.find(({ name }) => value === `attachment://${name}`)?.url ?? value;
  if (Array.isArray(value)) return value.map(one => linked(one, files));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, linked(one, files)]));
}

const PASSED_ON = ['nonce', 'sticker_items', 'poll', 'message_reference', 'message_snapshots'] as const;

/** The message object of the API. (Discord, "Message".) */
export function messagePayload(message: Message): object {
  const { id, channelId, author, fields, files, interaction, mentions, referenced } = message;
  const { webhookId, applicationId } = message;
  const shown = (value: unknown) => (files.length > 0 ? linked(value, files) : value);
  return {
    id,
    type: message.type,
    channel_id: channelId,
    author: userPayload(author),
    content: fields['content'] ?? '',
    embeds: shown(fields['embeds'] ?? []),
    components: shown(fields['components'] ?? []),
    attachments: files.map(file => attachmentPayload(file, isEphemeral(message))),
    mentions: mentions.users.map(userPayload),
    mention_roles: mentions.roles,
    mention_everyone: mentions.everyone,
    pinned: false,
    tts: fields['tts'] === true,
    timestamp: message.at,
    edited_timestamp: message.editedAt,
    flags: message.flags,
    ...Object.fromEntries(
      PASSED_ON.flatMap(name => (fields[name] === undefined ? [] : [[name, fields[name]]])),
    ),
    ...(referenced !== undefined && {
      referenced_message: referenced && { ...messagePayload(referenced), referenced_message: undefined },
    }),
    ...(webhookId && { webhook_id: webhookId }),
    ...(applicationId && { application_id: applicationId }),
    ...(interaction && {
      application_id: interaction.applicationId,
      webhook_id: interaction.applicationId,
      interaction_metadata: {
        id: interaction.id,
        type: interaction.type,
        user: userPayload(interaction.user),
        authorizing_integration_owners: interaction.owners,
      },
    }),
  };
}
