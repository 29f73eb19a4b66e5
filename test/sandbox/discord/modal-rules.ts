import { COMPONENT, SELECTS } from './component.ts';
import { checkIds } from './component-rules.ts';
import { checkFileTypes } from './file-types.ts';
import { Form } from './form.ts';
import type { JsonObject } from './json.ts';
import { checkOptions, checkSelect, selectRange } from './select-rules.ts';

const TITLE_MAX = 45;
const LABEL_MAX = 45;
const TEXT_MAX = 100;
const PARTS_MAX = 5;
const INPUT_MAX = 4_000;
const FILES_MAX = 10;
const GROUP_MAX = 10;

const { row, text, label, textInput, fileUpload, radioGroup, checkboxGroup, checkbox } = COMPONENT;
const FIELDS: readonly unknown[] = [textInput, ...SELECTS, fileUpload, radioGroup, checkboxGroup, checkbox];

/** Throws as Discord answers if a modal is not as it must be. (Discord, "Component Reference", Label; "Modals".) */
export function checkModal(data: JsonObject): void {
  const form = new Form(data, ['data']);
  form.text('custom_id', 1, TEXT_MAX);
  form.text('title', 1, TITLE_MAX);
  for (const part of form.list('components', 1, PARTS_MAX)) {
    const type = part.value('type');
    checkType(part, [row, text, label]);
    if (type === text) part.text('content', 1, INPUT_MAX);
    else if (type === row) {
      const [input] = part.list('components', 1, 1);
      if (!input) throw part.missing('components');
      checkType(input, [textInput]);
      input.text('label', 1, LABEL_MAX);
      checkInput(input);
    } else checkLabel(part);
  }
  checkIds(data['components'], ['data']);
}

function checkType(form: Form, kinds: readonly unknown[]): void {
  if (!kinds.includes(form.value('type')))
    throw form.problem(
      'type',
      'UNION_TYPE_CHOICES',
      `Value of field "type" must be one of (${kinds.join(', ')}).`,
    );
}

function checkLabel(form: Form): void {
  form.text('label', 1, LABEL_MAX);
  form.text('description', 0, TEXT_MAX);
  const field = form.record('component');
  if (!field) throw form.missing('component');
  checkType(field, FIELDS);
  const type = field.value('type');
  field.text('custom_id', 1, TEXT_MAX);
  if (type !== checkbox) field.boolean('required');
  if (type === textInput) {
    if (field.value('label') !== undefined && field.value('label') !== null)
      throw field.problem('label', 'TEXT_INPUT_LABEL_NOT_ALLOWED', 'Within a label it has none of its own');
    checkInput(field);
  } else if (SELECTS.includes(type)) {
    checkSelect(field, true);
    if (field.value('required') !== false && selectRange(field).least === 0)
      throw field.problem('min_values', 'NUMBER_TYPE_MIN', 'What is required has a least of 1');
  } else if (type === fileUpload) {
    field.integer('min_values', 0, FILES_MAX);
    field.integer('max_values', 1, FILES_MAX);
    checkRange(field, FILES_MAX);
    checkFileTypes(field);
  } else if (type === radioGroup) checkOptions(field, 2, 1, GROUP_MAX);
  else if (type === checkboxGroup) {
    field.integer('min_values', 0, GROUP_MAX);
    field.integer('max_values', 1, GROUP_MAX);
    checkOptions(field, 1, GROUP_MAX, GROUP_MAX);
    checkRange(field, field.list('options', 0, GROUP_MAX).length);
  } else {
    field.boolean('default');
    if (field.value('required') !== undefined)
      throw field.problem('required', 'UNKNOWN_FIELD', 'A single box cannot be required');
  }
}

/** How many may be chosen: no fewer at most than at least, and none only where nothing is required. */
function checkRange(field: Form, options: number): void {
  const least = Number(field.value('min_values') ?? 1);
  const most = Number(field.value('max_values') ?? options);
  if (least > most || most > options)
    throw field.problem('max_values', 'NUMBER_TYPE_MAX', `int value should be from ${least} to ${options}.`);
  if (least === 0 && field.value('required') !== false)
    throw field.problem('min_values', 'NUMBER_TYPE_MIN', 'What is required has a least of 1');
}

function checkInput(form: Form): void {
  form.text('custom_id', 1, TEXT_MAX);
  form.oneOf('style', [1, 2]);
  form.text('placeholder', 0, TEXT_MAX);
  form.text('value', 0, INPUT_MAX);
  form.boolean('required');
  form.integer('min_length', 0, INPUT_MAX);
  form.integer('max_length', 1, INPUT_MAX);
  const [least, most] = [form.value('min_length') ?? 0, form.value('max_length') ?? INPUT_MAX];
  if (Number(least) > Number(most))
    throw form.problem(
      'min_length',
      'NUMBER_TYPE_MAX',
      `int value should be less than or equal to ${Number(most)}.`,
    );
}
