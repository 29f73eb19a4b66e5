import { isRecord, type JsonObject, lengthOf } from './json.ts';
import { emptyMessage, invalidForm } from './rest-error.ts';

const CONTENT_MAX = 2_000;
const EMBEDS_MAX = 10;
const ROWS_MAX = 5;
/** Of all texts in a message of components. */
const COMPONENT_TEXT_MAX = 4_000;
const COMPONENTS_MAX = 40;

/** (Discord, "Message", Message Flags.) */
export const MESSAGE_FLAG = {
  suppressEmbeds: 1 << 2,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  silent: 1 << 12,
  voice: 1 << 13,
  componentsV2: 1 << 15,
} as const;

const { suppressEmbeds, ephemeral, silent, voice, componentsV2 } = MESSAGE_FLAG;
/** Flags that may be sent with a message in a channel, and in an answer to an interaction. */
export const CHANNEL_FLAGS = suppressEmbeds | silent | voice | componentsV2;
export const REPLY_FLAGS = CHANNEL_FLAGS | ephemeral;

interface Rules {
  /** Flags that may be set. */
  readonly flags: number;
  /** The message has content already, or gets files: it need not have any here. */
  readonly mayBeEmpty: boolean;
  /** Where the message stands in the body, for errors. */
  readonly path?: readonly string[];
}

/** Every component, the nested ones too. */
function allComponents(components: unknown): JsonObject[] {
  if (Array.isArray(components)) return components.flatMap(allComponents);
  if (!isRecord(components)) return [];
  return [
    components,
    ...[components['components'], components['accessory'], components['component']].flatMap(allComponents),
  ];
}

/** All text that a reader sees: content, embeds and text components. */
export function visibleText(message: JsonObject): string {
  const embeds = Array.isArray(message['embeds']) ? message['embeds'].filter(isRecord) : [];
  const fields = embeds.flatMap(embed =>
    Array.isArray(embed['fields']) ? embed['fields'].filter(isRecord) : [],
  );
  const parts: unknown[] = [
    message['content'],
    ...embeds.flatMap(embed => [embed['title'], embed['description']]),
    ...fields.flatMap(field => [field['name'], field['value']]),
    ...allComponents(message['components']).map(({ content }) => content),
  ];
  return parts.filter(part => typeof part === 'string' && part !== '').join('\n');
}

/** Throws as Discord answers if a message is not as it must be. (Discord, "Message", Create Message.) */
export function checkMessage(message: JsonObject, { flags: allowed, mayBeEmpty, path = [] }: Rules): void {
  const { content, embeds, components, flags = 0, allowed_mentions: mentions } = message;
  const list = (value: unknown, field: string, max: number): unknown[] => {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value))
      throw invalidForm([...path, field], 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
    if (value.length > max)
      throw invalidForm([...path, field], 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`);
    return value;
  };
  if (typeof flags !== 'number')
    throw invalidForm([...path, 'flags'], 'NUMBER_TYPE_COERCE', `Value "${String(flags)}" is not int.`);
  if ((flags & ~allowed) !== 0)
    throw invalidForm([...path, 'flags'], 'MESSAGE_FLAGS_INVALID', 'Invalid message flags.');
  if (content !== undefined && content !== null && typeof content !== 'string')
    throw invalidForm([...path, 'content'], 'STRING_TYPE_CONVERT', 'Could not interpret as a string.');
  if (content && lengthOf(content) > CONTENT_MAX)
    throw invalidForm(
      [...path, 'content'],
      'BASE_TYPE_MAX_LENGTH',
      `Must be ${CONTENT_MAX} or fewer in length.`,
    );
  if (mentions !== undefined && mentions !== null && !isRecord(mentions))
    throw invalidForm(
      [...path, 'allowed_mentions'],
      'MODEL_TYPE_CONVERT',
      'Only dictionaries may be used in a ModelType',
    );
  const embedded = list(embeds, 'embeds', EMBEDS_MAX);
  const v2 = (flags & componentsV2) !== 0;
  const shown = list(components, 'components', v2 ? COMPONENTS_MAX : ROWS_MAX);
  if (v2) checkComponents(message, path);
  else if (!mayBeEmpty && !content && embedded.length === 0 && shown.length === 0) throw emptyMessage();
}

/** Components V2: nothing but components, at most 40, at most 4,000 characters. */
function checkComponents(message: JsonObject, path: readonly string[]): void {
  for (const field of ['content', 'embeds', 'poll', 'sticker_ids']) {
    const value = message[field];
    if (value && (!Array.isArray(value) || value.length > 0))
      throw invalidForm(
        [...path, field],
        'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
        `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
      );
  }
  const all = allComponents(message['components']);
  if (all.length === 0) throw emptyMessage();
  if (all.length > COMPONENTS_MAX)
    throw invalidForm(
      [...path, 'components'],
      'BASE_TYPE_MAX_LENGTH',
      `Must be ${COMPONENTS_MAX} or fewer in length.`,
    );
  const text = all.reduce(
    (sum, { content }) => sum + (typeof content === 'string' ? lengthOf(content) : 0),
    0,
  );
  if (text > COMPONENT_TEXT_MAX)
    throw invalidForm(
      [...path, 'components'],
      'COMPONENT_MAX_TOTAL_TEXT_LENGTH',
      `Text must be ${COMPONENT_TEXT_MAX} or fewer in length.`,
    );
}
