import { checkFileTypes } from './file-types.ts';
import { Form } from './form.ts';
import { isRecord, type JsonObject } from './json.ts';
import { isLocale } from './locales.ts';
import { invalidForm, RestError } from './rest-error.ts';

/** Most commands of a type: in chat, of users, of messages. */
const COMMANDS_MAX: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15 };
const ALL_MAX = 130;
const CHOICES_MAX = 25;
const OPTIONS_MAX = 25;
const TEXT_MAX = 100;
/** Of names, descriptions and choices together. */
const TOTAL_MAX = 8_000;
const MENU_TYPES: readonly unknown[] = [2, 3];
const NESTING_TYPES: readonly unknown[] = [1, 2];
const OPTION_TYPES = 11;
const ATTACHMENT_TYPE = 11;
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const MENU_NAME = /^.{1,32}$/u;

type Path = readonly (string | number)[];

function checkName(name: unknown, pattern: RegExp, path: Path): string {
  if (typeof name !== 'string') throw invalidForm(path, 'BASE_TYPE_REQUIRED', 'This field is required');
  if (!pattern.test(name) || (pattern === NAME && name !== name.toLowerCase()))
    throw invalidForm(path, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
  return name;
}

function checkText(value: unknown, path: Path): void {
  if (typeof value !== 'string') throw invalidForm(path, 'BASE_TYPE_REQUIRED', 'This field is required');
  if (value.length < 1 || value.length > TEXT_MAX)
    throw invalidForm(path, 'BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${TEXT_MAX} in length.`);
}

/** The texts of a field in other languages, each as the field itself must be. */
function checkLocalizations(
  command: JsonObject,
  field: 'name' | 'description',
  path: Path,
  check: (text: unknown, path: Path) => void,
): void {
  const texts = command[`${field}_localizations`];
  if (texts === undefined || texts === null) return;
  const at = [...path, `${field}_localizations`];
  if (!isRecord(texts))
    throw invalidForm(at, 'DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType');
  for (const [locale, text] of Object.entries(texts)) {
    if (!isLocale(locale))
      throw invalidForm([...at, locale], 'BASE_TYPE_CHOICES', 'Value must be one of the locales.');
    if (text !== null) check(text, [...at, locale]);
  }
}

/** A name and a description, with their localizations. */
function checkNaming(command: JsonObject, path: Path): void {
  checkLocalizations(command, 'name', path, (name, at) => checkName(name, NAME, at));
  checkText(command['description'], [...path, 'description']);
  checkLocalizations(command, 'description', path, checkText);
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

function checkChoice(choice: JsonObject, path: Path): void {
  checkText(choice['name'], [...path, 'name']);
  checkLocalizations(choice, 'name', path, checkText);
}

function checkOption(option: JsonObject, path: Path): void {
  const { type, choices, autocomplete } = option;
  if (typeof type !== 'number' || type < 1 || type > OPTION_TYPES)
    throw invalidForm([...path, 'type'], 'BASE_TYPE_CHOICES', 'Value must be one of the option types.');
  checkNaming(option, path);
  const offered = listOf(choices, CHOICES_MAX, [...path, 'choices']);
  if (autocomplete === true && offered.length > 0)
    throw invalidForm(
      [...path, 'autocomplete'],
      'APPLICATION_COMMAND_OPTION_AUTOCOMPLETE',
      'Cannot be combined with choices',
    );
  for (const [index, choice] of offered.entries()) checkChoice(choice, [...path, 'choices', index]);
  if (type !== ATTACHMENT_TYPE && option['file_types'] !== undefined)
    throw invalidForm(
      [...path, 'file_types'],
      'UNKNOWN_FIELD',
      'Only an option for files has types of files',
    );
  checkFileTypes(new Form(option, path));
  checkOptions(option['options'], [...path, 'options']);
}

function checkOptions(value: unknown, path: Path): void {
  const options = listOf(value, OPTIONS_MAX, path);
  checkUnique(
    options.map((option, index) => checkName(option['name'], NAME, [...path, index, 'name'])),
    path,
  );
  for (const locale of new Set(options.flatMap(option => Object.keys(localized(option, 'name')))))
    checkUnique(
      options.map(option => localized(option, 'name')[locale] ?? String(option['name'])),
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

/** The texts of a field in other languages. */
function localized(value: JsonObject, field: string): Record<string, string> {
  const texts = value[`${field}_localizations`];
  const entries = isRecord(texts) ? Object.entries(texts) : [];
  return Object.fromEntries(
    entries.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  );
}

/** Characters that count to a command's limit: of each text the longest localization. */
function size(value: JsonObject): number {
  const own = ['name', 'description', 'value'].map(field => {
    const text = value[field];
    const all = [typeof text === 'string' ? text : '', ...Object.values(localized(value, field))];
    return all.toSorted((a, b) => b.length - a.length)[0] ?? '';
  });
  const inner = [value['options'], value['choices']].flatMap(list =>
    Array.isArray(list) ? list.filter(isRecord) : [],
  );
  return own.join('').length + inner.reduce((sum, one) => sum + size(one), 0);
}

function checkPermissions(bits: unknown, path: Path): void {
  const known = typeof bits === 'number' || (typeof bits === 'string' && /^\d+$/u.test(bits));
  if (bits === undefined || bits === null || known) return;
  throw invalidForm([...path, 'default_member_permissions'], 'PERMISSIONS_TYPE_CONVERT', 'Not permissions');
}

/** Where a command may be used, and by which installations: a list of small numbers, each once. */
function checkPlaces(
  command: JsonObject,
  field: 'contexts' | 'integration_types',
  most: number,
  path: Path,
): void {
  const value = command[field];
  if (value === undefined || value === null) return;
  const at = [...path, field];
  if (!Array.isArray(value))
    throw invalidForm(at, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
  if (value.length === 0) throw invalidForm(at, 'BASE_TYPE_BAD_LENGTH', 'Must be 1 or more in length.');
  if (new Set(value).size < value.length)
    throw invalidForm(at, 'SET_TYPE_CONVERT', 'Values must be different from each other.');
  const range = Array.from({ length: most + 1 }, (_, index) => index);
  for (const [index, one] of value.entries())
    if (!range.includes(one))
      throw invalidForm([...at, index], 'BASE_TYPE_CHOICES', `Value must be one of (${range.join(', ')}).`);
}

/** Throws as Discord answers if commands are not as they must be. (Discord, "Application Commands".) */
export function checkCommands(body: unknown): JsonObject[] {
  const commands = listOf(body, ALL_MAX, []);
  for (const [type, most] of Object.entries(COMMANDS_MAX))
    if (commands.filter(command => Number(command['type'] ?? 1) === Number(type)).length > most)
      throw new RestError(400, 30032, `Maximum number of application commands reached (${most})`);
  for (const [index, command] of commands.entries()) {
    const menu = MENU_TYPES.includes(command['type']);
    checkName(command['name'], menu ? MENU_NAME : NAME, [index, 'name']);
    checkPermissions(command['default_member_permissions'], [index]);
    checkPlaces(command, 'contexts', 2, [index]);
    checkPlaces(command, 'integration_types', 1, [index]);
    if (menu) {
      checkLocalizations(command, 'name', [index], (name, at) => checkName(name, MENU_NAME, at));
      const options = command['options'];
      if (command['description'] || (Array.isArray(options) && options.length > 0))
        throw invalidForm(
          [index, 'description'],
          'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION',
          'Context menu commands cannot have a description or options',
        );
      continue;
    }
    checkNaming(command, [index]);
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
