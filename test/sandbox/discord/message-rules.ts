import { checkComponents, hasComponents } from './component-rules.ts';
import { Form } from './form.ts';
import type { JsonObject } from './json.ts';
import type { Message } from './message.ts';
import { MESSAGE_FLAG } from './message-flags.ts';
import type { UploadedFile } from './rest-body.ts';
import { emptyMessage } from './rest-error.ts';
import { checkVoiceMessage, voiceIsFinal } from './voice-message-rules.ts';

const CONTENT_MAX = 2_000;
const EMBEDS_MAX = 10;
const EMBED = { title: 256, description: 4_096, fields: 25, name: 256, value: 1_024, total: 6_000 } as const;
const FILES_MAX = 10;
const PARSED: readonly unknown[] = ['users', 'roles', 'everyone'];
/** What a message of components alone has none of. */
const LEGACY = ['content', 'embeds', 'poll', 'sticker_ids'] as const;

interface Rules {
  /** Flags that may be set. */
  readonly flags: number;
  /** Uploaded beside the body. */
  readonly files: readonly UploadedFile[];
  /** The message before an edit. */
  readonly before?: Message;
  /** Where the message stands in the body, for errors. */
  readonly path?: readonly string[];
  /** "Thinking" needs nothing. */
  readonly mayBeEmpty?: boolean;
}

/** Throws as Discord answers if a message is not as it must be. (Discord, "Message", Create Message, Edit Message.) */
export function checkMessage(message: JsonObject, rules: Rules): void {
  const { flags: allowed, files, before, path = [], mayBeEmpty = false } = rules;
  const form = new Form(message, path);
  form.integer('flags', 0, 2 ** 31 - 1);
  const sent = form.value('flags');
  const flags = typeof sent === 'number' ? sent : 0;
  if ((flags & ~allowed) !== 0)
    throw form.problem('flags', 'MESSAGE_FLAGS_INVALID', 'Invalid message flags.');
  form.text('content', 0, CONTENT_MAX);
  checkMentions(form);
  checkEmbeds(form);
  form.list('attachments', 0, FILES_MAX);
  if (files.length > FILES_MAX)
    throw form.problem('attachments', 'BASE_TYPE_MAX_LENGTH', `Must be ${FILES_MAX} or fewer in length.`);
  const wasV2 = before !== undefined && (before.flags & MESSAGE_FLAG.componentsV2) !== 0;
  if (wasV2 && typeof sent === 'number' && (sent & MESSAGE_FLAG.componentsV2) === 0)
    throw form.problem(
      'flags',
      'MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG',
      'IS_COMPONENTS_V2 cannot be removed from a message',
    );
  const v2 = wasV2 || (flags & MESSAGE_FLAG.componentsV2) !== 0;
  if (v2) checkLegacy(form, wasV2 ? undefined : before);
  const after: JsonObject = { ...before?.fields, ...message };
  const components = after['components'];
  checkComponents(components, { v2, fileNames: fileNames(form, files, before), path });
  if (before && isVoice(before.flags | flags)) throw voiceIsFinal();
  if (isVoice(flags)) checkVoiceMessage(form, files, isFull);
  if (mayBeEmpty) return;
  const listed = form.value('attachments') === undefined ? null : form.list('attachments', 0, FILES_MAX);
  const kept = before?.files.some(({ id }) => !listed || listed.some(entry => entry.value('id') === id));
  const attached = files.length > 0 || kept === true;
  const other = v2
    ? false
    : attached || isFull(after['content']) || isFull(after['embeds']) || isFull(after['poll']);
  const stickers = !v2 && (isFull(after['sticker_ids']) || isFull(after['sticker_items']));
  if (!hasComponents(components) && !other && !stickers) throw emptyMessage();
}

function isVoice(flags: number): boolean {
  return (flags & MESSAGE_FLAG.voice) !== 0;
}

/** Whether something stands in a field; spaces and line breaks alone are nothing, since Discord strips texts. */
function isFull(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null;
}

/** (Discord, "Component Reference": the flag disables these; an edit that sets it must take them away.) */
function checkLegacy(form: Form, before: Message | undefined): void {
  for (const field of LEGACY) {
    const given = form.value(field);
    if (isFull(given === undefined ? before?.fields[field] : given))
      throw form.problem(
        field,
        'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
        `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
      );
  }
}

/** Names that components may refer to. */
function fileNames(form: Form, files: Rules['files'], before: Message | undefined): string[] {
  const renamed = form.list('attachments', 0, FILES_MAX).map(entry => entry.value('filename'));
  const names = [...files, ...(before?.files ?? [])].map(({ name }) => name);
  return [...names, ...renamed.filter(name => typeof name === 'string')];
}

/** (Discord, "Message", Allowed Mentions: what is parsed is not listed too.) */
function checkMentions(form: Form): void {
  const mentions = form.record('allowed_mentions');
  if (!mentions) return;
  const parse = mentions.value('parse') ?? [];
  if (!Array.isArray(parse) || !parse.every(kind => PARSED.includes(kind)))
    throw mentions.problem(
      'parse',
      'BASE_TYPE_CHOICES',
      "Value must be one of ('users', 'roles', 'everyone').",
    );
  for (const kind of ['users', 'roles'])
    if (parse.includes(kind) && isFull(mentions.value(kind)))
      throw mentions.problem(
        '',
        'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      );
  mentions.boolean('replied_user');
}

function checkEmbeds(form: Form): void {
  let total = 0;
  const size = (value: unknown) => (typeof value === 'string' ? value.length : 0);
  for (const embed of form.list('embeds', 0, EMBEDS_MAX)) {
    embed.text('title', 0, EMBED.title);
    embed.text('description', 0, EMBED.description);
    total += size(embed.value('title')) + size(embed.value('description'));
    for (const field of embed.list('fields', 0, EMBED.fields)) {
      field.text('name', 1, EMBED.name);
      field.text('value', 1, EMBED.value);
      total += size(field.value('name')) + size(field.value('value'));
    }
  }
  if (total > EMBED.total)
    throw form.problem(
      'embeds',
      'MAX_EMBED_SIZE_EXCEEDED',
      `Embed size exceeds maximum size of ${EMBED.total}`,
    );
}
