import { Form } from './form.ts';
import { isRecord, type JsonObject, lengthOf } from './json.ts';
import type { Message } from './message.ts';
import { checkModal } from './modal-rules.ts';

/** (Discord, "Receiving and Responding", Interaction Callback Type.) */
export const CALLBACK = {
  message: 4,
  deferred: 5,
  deferredUpdate: 6,
  update: 7,
  choices: 8,
  modal: 9,
} as const;

/** What a person did; what comes of a message has it with it. */
export type InteractionKind =
  | { readonly name: 'command' }
  | { readonly name: 'menu' }
  | { readonly name: 'autocomplete'; readonly optionType: unknown }
  | { readonly name: 'component'; readonly source: Message }
  | { readonly name: 'modal'; readonly source: Message | null };

/** (Discord, "Receiving and Responding", Interaction Type.) */
export const INTERACTION_TYPE = { command: 2, menu: 2, component: 3, autocomplete: 4, modal: 5 } as const;

/** The message that the interaction came from. */
export function sourceOf(kind: InteractionKind): Message | null {
  return 'source' in kind ? kind.source : null;
}

/** Which callbacks may answer it: only what has a message may update one, and a modal opens no further modal. */
export function callbacksFor(kind: InteractionKind): readonly number[] {
  const { message, deferred, deferredUpdate, update, choices, modal } = CALLBACK;
  if (kind.name === 'autocomplete') return [choices];
  const updates = sourceOf(kind) ? [deferredUpdate, update] : [];
  return [message, deferred, ...updates, ...(kind.name === 'modal' ? [] : [modal])];
}

const CHOICES_MAX = 25;
const CHOICE_MAX = 100;
const STRING_OPTION = 3;
const INTEGER_OPTION = 4;

/** Throws as Discord answers if suggestions are not as they must be. (Discord, "Application Commands", Choice.) */
function checkChoices(data: JsonObject, optionType: unknown): void {
  const form = new Form(data, ['data']);
  if (data['choices'] === undefined) throw form.missing('choices');
  for (const choice of form.list('choices', 0, CHOICES_MAX)) checkChoice(choice, optionType);
}

/** A choice of a command's option: its name and its value, of the option's type. */
function checkChoice(choice: Form, optionType: unknown): void {
  choice.text('name', 1, CHOICE_MAX);
  const value = choice.value('value');
  const type = optionType === STRING_OPTION ? 'string' : 'number';
  if (value === undefined || value === null) throw choice.missing('value');
  if (typeof value !== type || (optionType === INTEGER_OPTION && !Number.isInteger(value)))
    throw choice.problem(
      'value',
      type === 'string' ? 'STRING_TYPE_CONVERT' : 'NUMBER_TYPE_COERCE',
      `Could not interpret ${JSON.stringify(value)} as ${type}.`,
    );
  if (typeof value === 'string' && (value === '' || lengthOf(value) > CHOICE_MAX))
    throw choice.badLength('value', 1, CHOICE_MAX);
}

/** Checks the `data` of a callback that is no message. */
export function checkOther(type: number, data: JsonObject, kind: InteractionKind): void {
  if (type === CALLBACK.modal) checkModal(data);
  else if (type === CALLBACK.choices && kind.name === 'autocomplete') checkChoices(data, kind.optionType);
}

/** The `data` of a callback; an empty one where it is left out. */
export function dataOf(body: JsonObject): JsonObject {
  const { data } = body;
  if (isRecord(data)) return data;
  if (data === undefined || data === null) return {};
  throw new Form(body, []).problem(
    'data',
    'MODEL_TYPE_CONVERT',
    'Only dictionaries may be used in a ModelType',
  );
}
