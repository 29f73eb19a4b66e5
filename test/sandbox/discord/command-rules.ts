import { isRecord, type JsonObject } from './json.ts';
import { invalidForm } from './rest-error.ts';

const COMMANDS_MAX = 100;
const CHOICES_MAX = 25;
const OPTIONS_MAX = 25;
const TEXT_MAX = 100;
/** Of names, descriptions and choices together. */
const TOTAL_MAX = 8_000;
const MENU_TYPES: readonly unknown[] = [2, 3];
const NESTING_TYPES: readonly unknown[] = [1, 2];
const OPTION_TYPES = 11;
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const MENU_NAME = /^.{1,32}$/u;

type Path = readonly (string | number)[];

function checkName(name: unknown, pattern: RegExp, path: Path): string {
  if (typeof name !== 'string')
    throw invalidForm([...path, 'name'], 'BASE_TYPE_REQUIRED', 'This field is required');
  if (!pattern.test(name) || (pattern === NAME && name !== name.toLowerCase()))
    throw invalidForm([...path, 'name'], 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
  return name;
}

function checkText(value: unknown, field: string, path: Path): void {
  if (typeof value !== 'string')
    throw invalidForm([...path, field], 'BASE_TYPE_REQUIRED', 'This field is required');
  if (value.length < 1 || value.length > TEXT_MAX)
    throw invalidForm(
      [...path, field],
      'BASE_TYPE_BAD_LENGTH',
      `Must be between 1 and ${TEXT_MAX} in length.`,
    );
}

function listOf(value: unknown, max: number, path: Path): JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isRecord))
    throw invalidForm(path, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
  if (value.length > max)
    throw invalidForm(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`);
  return value;
}

function checkUnique(names: readonly string[], path: Path): void {
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0)
    throw invalidForm(
      [...path, twice],
      'APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE',
      'The name is already in use',
    );
}

function checkOption(option: JsonObject, path: Path): void {
  const { type, choices, autocomplete } = option;
  if (typeof type !== 'number' || type < 1 || type > OPTION_TYPES)
    throw invalidForm([...path, 'type'], 'BASE_TYPE_CHOICES', 'Value must be one of the option types.');
  checkText(option['description'], 'description', path);
  const offered = listOf(choices, CHOICES_MAX, [...path, 'choices']);
  if (autocomplete === true && offered.length > 0)
    throw invalidForm(
      [...path, 'autocomplete'],
      'APPLICATION_COMMAND_OPTION_AUTOCOMPLETE',
      'Cannot be combined with choices',
    );
  for (const [index, choice] of offered.entries())
    checkText(choice['name'], 'name', [...path, 'choices', index]);
  checkOptions(option['options'], [...path, 'options']);
}

function checkOptions(value: unknown, path: Path): void {
  const options = listOf(value, OPTIONS_MAX, path);
  checkUnique(
    options.map((option, index) => checkName(option['name'], NAME, [...path, index])),
    path,
  );
  let optional = false;
  for (const [index, option] of options.entries()) {
    checkOption(option, [...path, index]);
    const required = option['required'] === true;
    if (required && optional)
      throw invalidForm(
        [...path, index],
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    optional ||= !required && !NESTING_TYPES.includes(option['type']);
  }
}

/** Characters that count to a command's limit. */
function size(value: JsonObject): number {
  const own = [value['name'], value['description'], value['value']].filter(text => typeof text === 'string');
  const inner = [value['options'], value['choices']].flatMap(list =>
    Array.isArray(list) ? list.filter(isRecord) : [],
  );
  return own.join('').length + inner.reduce((sum, one) => sum + size(one), 0);
}

/** Throws as Discord answers if commands are not as they must be. (Discord, "Application Commands".) */
export function checkCommands(body: unknown): JsonObject[] {
  const commands = listOf(body, COMMANDS_MAX, []);
  for (const [index, command] of commands.entries()) {
    const menu = MENU_TYPES.includes(command['type']);
    checkName(command['name'], menu ? MENU_NAME : NAME, [index]);
    if (menu) continue;
    checkText(command['description'], 'description', [index]);
    checkOptions(command['options'], [index, 'options']);
    if (size(command) > TOTAL_MAX)
      throw invalidForm(
        [index],
        'APPLICATION_COMMAND_TOO_LARGE',
        `Command exceeds maximum size (${TOTAL_MAX})`,
      );
  }
  checkUnique(
    commands.map(({ type = 1, name }) => `${String(type)} ${String(name)}`),
    [],
  );
  return commands;
}
