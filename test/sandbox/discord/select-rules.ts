import { COMPONENT } from './component.ts';
import type { Form } from './form.ts';

const OPTIONS_MAX = 25;
const TEXT_MAX = 100;
const PLACEHOLDER_MAX = 150;

/** What may stand in `default_values` of the selects that Discord fills itself. */
const DEFAULTS: Readonly<Record<number, readonly string[]>> = {
  [COMPONENT.userSelect]: ['user'],
  [COMPONENT.roleSelect]: ['role'],
  [COMPONENT.mentionableSelect]: ['user', 'role'],
  [COMPONENT.channelSelect]: ['channel'],
};

/** Throws as Discord answers if a select is not as it must be. (Discord, "Component Reference", String Select ff.) */
export function checkSelect(form: Form, inModal: boolean): void {
  form.text('custom_id', 1, TEXT_MAX);
  form.text('placeholder', 0, PLACEHOLDER_MAX);
  form.boolean(inModal ? 'required' : 'disabled');
  if (inModal && form.value('disabled') === true)
    throw form.problem('disabled', 'COMPONENT_DISABLED_NOT_ALLOWED', 'Nothing in a modal can be disabled');
  form.integer('min_values', 0, OPTIONS_MAX);
  form.integer('max_values', 1, OPTIONS_MAX);
  const { least, most } = selectRange(form);
  if (least > most)
    throw form.problem('min_values', 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${most}.`);
  const type = Number(form.value('type'));
  if (type === COMPONENT.stringSelect) checkOptions(form, Math.max(1, most), most);
  else {
    const kinds = DEFAULTS[type] ?? [];
    for (const value of form.list('default_values', 0, most)) {
      value.oneOf('type', kinds);
      value.text('id', 1, TEXT_MAX);
    }
  }
}

/** How many may be chosen. */
export function selectRange(form: Form): { least: number; most: number } {
  const number = (name: string) => {
    const value = form.value(name);
    return typeof value === 'number' ? value : 1;
  };
  return { least: number('min_values'), most: number('max_values') };
}

/** The options of a select or a group: there must be at least as many as may be chosen. */
export function checkOptions(form: Form, least: number, most: number, max = OPTIONS_MAX): void {
  const options = form.list('options', 0, max);
  if (options.length < least) throw form.badLength('options', least, max);
  for (const option of options) {
    option.text('label', 1, TEXT_MAX);
    option.text('value', 1, TEXT_MAX);
    option.text('description', 0, TEXT_MAX);
    option.boolean('default');
  }
  const values = options.map(option => option.value('value'));
  const twice = values.findIndex((value, index) => values.indexOf(value) !== index);
  if (twice >= 0)
    throw form.problem(
      'options',
      'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
      'The specified option value is already used',
    );
  if (options.filter(option => option.value('default') === true).length > most)
    throw form.problem(
      'options',
      'SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES',
      `Too many default values: at most ${most}`,
    );
}
