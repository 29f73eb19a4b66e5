import type { Attachment } from './attachment.ts';
import type { Cdn, Shelf } from './cdn.ts';
import { isRecord, type JsonObject } from './json.ts';
import type { UploadedFile } from './rest-body.ts';
import { invalidForm } from './rest-error.ts';
import { voiceFacts } from './voice-message-rules.ts';

interface PostingOptions {
  readonly cdn: Cdn;
  readonly shelf: Shelf;
  /** Where the message stands in the body, for errors. */
  readonly path?: readonly string[];
  /** It is a voice message. */
  readonly voice: boolean;
}

/**
 * The files of a message after a body with `attachments` and uploads: an upload `files[n]` belongs to the
 * attachment with `id` n, and where there is a list, files that it does not name go. Throws for an entry that
 * names nothing. (Discord, "Reference", Uploading Files; "Message", Edit Message.)
 */
export function postedFiles(
  { fields, files }: { fields: JsonObject; files: readonly UploadedFile[] },
  before: readonly Attachment[],
  { cdn, shelf, path = [], voice }: PostingOptions,
): readonly Attachment[] {
  const listed = fields['attachments'];
  const entries = Array.isArray(listed) ? listed.filter(isRecord) : null;
  const uploads = new Map(files.map(file => [/^files\[(\d+)\]$/u.exec(file.field)?.[1] ?? file.field, file]));
  const kept = entries ? before.filter(({ id }) => entries.some(entry => entry['id'] === id)) : before;
  for (const [index, { id }] of (entries ?? []).entries())
    if (!uploads.has(String(id)) && !kept.some(file => file.id === id))
      throw invalidForm(
        [...path, 'attachments', index],
        'ATTACHMENT_NOT_FOUND',
        `Attachment with ID ${String(id)} was not found`,
      );
  const added = [...uploads].map(([number, { name, type, bytes }]) => {
    const entry = entries?.find(({ id }) => String(id) === number) ?? {};
    const { filename, description } = entry;
    const facts = voice ? voiceFacts({ value: field => entry[field] }) : undefined;
    return cdn.add(shelf, {
      name: typeof filename === 'string' ? filename : name,
      contentType: type || undefined,
      bytes,
      ...(typeof description === 'string' && { description }),
      ...(facts && { voiceMessage: true, voice: facts }),
    });
  });
  return [...kept, ...added];
}
