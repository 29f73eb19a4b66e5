import type { JsonObject } from './json.ts';
import { MESSAGE_FLAG } from './message-rules.ts';
import type { UploadedFile } from './rest-body.ts';
import { type FakeUser, userPayload } from './user.ts';

/** A message as Discord stores it; `fields` are those that its author sent. */
export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly guildId: string;
  readonly author: FakeUser;
  readonly fields: JsonObject;
  readonly files: readonly UploadedFile[];
  readonly flags: number;
  readonly at: string;
  readonly editedAt: string | null;
  /** The interaction that it answers. */
  readonly interaction?: { readonly id: string; readonly user: FakeUser; readonly applicationId: string };
}

/** The message with changed fields; those not named stay. */
export function edited(message: Message, fields: JsonObject, files: readonly UploadedFile[] = []): Message {
  const { flags } = fields;
  const sent = typeof flags === 'number' ? flags & ~MESSAGE_FLAG.ephemeral : 0;
  return {
    ...message,
    fields: { ...message.fields, ...fields },
    files: [...message.files, ...files],
    flags: (message.flags & ~MESSAGE_FLAG.loading) | sent,
    editedAt: new Date().toISOString(),
  };
}

/** The message object of the API. (Discord, "Message".) */
export function messagePayload(message: Message): object {
  const { id, channelId, author, fields, files, interaction } = message;
  return {
    id,
    type: interaction ? 20 : 0,
    channel_id: channelId,
    author: userPayload(author),
    content: fields['content'] ?? '',
    embeds: fields['embeds'] ?? [],
    components: fields['components'] ?? [],
    attachments: files.map(({ name, type, bytes }, index) => ({
      id: (BigInt(id) + BigInt(index) + 1n).toString(),
      filename: name,
      size: bytes.length,
      content_type: type,
      url: `https://cdn.discordapp.com/attachments/${channelId}/${id}/${name}`,
      proxy_url: `https://media.discordapp.net/attachments/${channelId}/${id}/${name}`,
    })),
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    timestamp: message.at,
    edited_timestamp: message.editedAt,
    flags: message.flags,
    ...(fields['nonce'] !== undefined && { nonce: fields['nonce'] }),
    ...(interaction && {
      application_id: interaction.applicationId,
      webhook_id: interaction.applicationId,
      interaction_metadata: {
        id: interaction.id,
        type: 2,
        user: userPayload(interaction.user),
        authorizing_integration_owners: { 0: message.guildId },
      },
    }),
  };
}
