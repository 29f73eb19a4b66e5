import type { Form } from './form.ts';

const FILE_TYPES_MAX = 10;
const FAMILIES: readonly unknown[] = ['audio', 'image', 'video'];
const EXTENSION = /^\.[a-z\d]{1,16}(?:\.[a-z\d]{1,16})?$/iu;

/**
 * Throws as Discord answers if the file types that a field or an option takes are not as they must be: families of
 * files, or extensions with their dots. (Discord, "Reference", File Type Filtering.)
 */
export function checkFileTypes(form: Form): void {
  const types = form.value('file_types');
  if (types === undefined || types === null) return;
  if (!Array.isArray(types))
    throw form.problem('file_types', 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
  if (types.length < 1 || types.length > FILE_TYPES_MAX)
    throw form.badLength('file_types', 1, FILE_TYPES_MAX);
  const wrong = types.find(
    type => !FAMILIES.includes(type) && !(typeof type === 'string' && EXTENSION.test(type)),
  );
  if (wrong !== undefined)
    throw form.problem('file_types', 'BASE_TYPE_CHOICES', `Not a type of files: ${JSON.stringify(wrong)}`);
}

/** What clients take for audio by the ends of names, as far as the bot cares. */
const AUDIO = /\.(?:wav|mp3|flac|ogg|oga|opus|m4a|aac)$/iu;

/** Whether a file may be chosen where only some types are taken: by its name, and by what its sender says it is. */
export function isFileOfType(
  types: unknown,
  { name, contentType = '' }: { name: string; contentType?: string | undefined },
): boolean {
  if (!Array.isArray(types)) return true;
  return types.some(
    type =>
      (FAMILIES.includes(type) && contentType.startsWith(`${String(type)}/`)) ||
      (type === 'audio' && AUDIO.test(name)) ||
      (typeof type === 'string' && type.startsWith('.') && name.toLowerCase().endsWith(type.toLowerCase())),
  );
}
