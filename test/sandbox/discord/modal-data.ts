import type { NewAttachment } from './attachment.ts';
import type { Cdn } from './cdn.ts';
import { COMPONENT, numbered, SELECTS } from './component.ts';
import { type Choice, chosenValues } from './component-data.ts';
import { isFileOfType } from './file-types.ts';
import { isRecord, type JsonObject, lengthOf, recordsOf } from './json.ts';
import type { Resolved } from './resolved.ts';

/** What a person fills a field in with: text, choices, files, or a tick. */
export type FieldValue = string | boolean | readonly Choice[] | readonly NewAttachment[];

interface Filling {
  /** By `custom_id`; a field that is not named stays as the bot preset it. */
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly resolved: Resolved;
  readonly cdn: Cdn;
  readonly applicationId: string;
}

const INPUT_MAX = 4_000;
const { row, text, textInput, fileUpload, radioGroup, checkboxGroup, checkbox } = COMPONENT;

/**
 * The `data` of a modal that was sent in. Throws where Discord's client would not: an empty field that is required,
 * a text too long, a field that is not there. (Discord, "Receiving and Responding", Modal Submit Data.)
 */
export function modalData(modal: JsonObject, filling: Filling): object {
  const parts = recordsOf(numbered(modal['components']));
  const fields = parts
    .flatMap(part => [...recordsOf(part['components']), part['component']])
    .filter(isRecord);
  for (const id of Object.keys(filling.values))
    if (!fields.some(field => field['custom_id'] === id)) throw new Error(`the modal has no field "${id}"`);
  const components = parts.map(part => {
    const { type, id } = part;
    if (type === text) return { type, id };
    if (type === row)
      return { type, id, components: recordsOf(part['components']).map(field => sent(field, filling)) };
    return { type, id, component: isRecord(part['component']) && sent(part['component'], filling) };
  });
  return { custom_id: modal['custom_id'], components, ...filling.resolved.payload };
}

function sent(field: JsonObject, { values, resolved, cdn, applicationId }: Filling): object {
  const { type, custom_id: id, required = true } = field;
  const value = values[String(id)];
  const problem = (what: string) => new Error(`the modal’s field "${String(id)}": ${what}`);
  const base = { type, custom_id: id, id: field['id'] };
  if (type === textInput) return { ...base, value: typed(field, value, problem) };
  if (type === checkbox) {
    if (value !== undefined && typeof value !== 'boolean') throw problem('it is ticked or not');
    return { ...base, value: value ?? field['default'] === true };
  }
  if (type === radioGroup || type === checkboxGroup) {
    const list =
      value ?? recordsOf(field['options']).flatMap(one => (one['default'] === true ? one['value'] : []));
    const chosen = [list].flat();
    const offered = recordsOf(field['options']).map(option => option['value']);
    const most = type === radioGroup ? 1 : Number(field['max_values'] ?? offered.length);
    const least = type === radioGroup ? 1 : Number(field['min_values'] ?? 1);
    if (!chosen.every(one => offered.includes(one)) || chosen.length > most) throw problem('not offered');
    if (new Set(chosen).size < chosen.length) throw problem('the same twice');
    if (chosen.length === 0 && required === true) throw problem('it is required');
    if (chosen.length > 0 && chosen.length < least) throw problem('too few');
    return type === radioGroup ? { ...base, value: chosen[0] ?? null } : { ...base, values: chosen };
  }
  if (value !== undefined && !Array.isArray(value)) throw problem('it takes a list');
  if (type === fileUpload) {
    const files = (value ?? []) as readonly NewAttachment[];
    const least = required === true ? Number(field['min_values'] ?? 1) : 0;
    if (files.length < least || files.length > Number(field['max_values'] ?? 1))
      throw problem('too many files, or too few');
    if (!files.every(file => isFileOfType(field['file_types'], file)))
      throw problem('a file of another type');
    return { ...base, values: files.map(file => resolved.attachment(cdn.add({ applicationId }, file))) };
  }
  if (!SELECTS.includes(type)) throw problem('unknown');
  const preset =
    type === COMPONENT.stringSelect
      ? recordsOf(field['options']).flatMap(one => (one['default'] === true ? one['value'] : []))
      : resolved.preset(recordsOf(field['default_values']).map(one => String(one['id'])));
  return { ...base, values: chosenValues(field, (value ?? preset) as readonly Choice[], resolved) };
}

function typed(field: JsonObject, given: FieldValue | undefined, problem: (what: string) => Error): string {
  const value = given ?? field['value'] ?? '';
  if (typeof value !== 'string') throw problem('it takes a text');
  const length = lengthOf(value);
  if (length === 0) {
    if (field['required'] ?? true) throw problem('it is required');
    return value;
  }
  if (length < Number(field['min_length'] ?? 0)) throw problem('too short');
  if (length > Number(field['max_length'] ?? INPUT_MAX)) throw problem('too long');
  return value;
}
