import { expect, test } from 'vitest';
import { checkCommands } from './discord/command-rules.ts';
import { isFileOfType } from './discord/file-types.ts';
import { checkModal } from './discord/modal-rules.ts';
import { RestError } from './discord/rest-error.ts';

const options = (count: number, more = {}) =>
  Array.from({ length: count }, (_, n) => ({ value: `${n}`, label: `${n}`, ...more }));
const label = (component: object) => ({
  type: 18,
  label: 'Label',
  component: { custom_id: 'a', ...component },
});
const modal = (...components: object[]) => ({ custom_id: 'm', title: 'Title', components });

/** Whether Discord takes it. */
function isTaken(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof RestError) return false;
    throw error;
  }
}

test.each<[string, object, boolean]>([
  ['two radio buttons', { type: 21, options: options(2) }, true],
  ['one radio button', { type: 21, options: options(1) }, false],
  ['eleven radio buttons', { type: 21, options: options(11) }, false],
  ['two radio buttons that are both chosen', { type: 21, options: options(2, { default: true }) }, false],
  ['ten boxes', { type: 22, options: options(10) }, true],
  ['eleven boxes', { type: 22, options: options(11) }, false],
  [
    'boxes of which none need be ticked',
    { type: 22, options: options(2), min_values: 0, required: false },
    true,
  ],
  [
    'boxes of which none need be ticked, but which are required',
    { type: 22, options: options(2), min_values: 0 },
    false,
  ],
  [
    'boxes of which more are to be ticked than there are',
    { type: 22, options: options(2), max_values: 3 },
    false,
  ],
  ['a box', { type: 23, default: true }, true],
  ['a box that is required', { type: 23, required: true }, false],
  ['a file', { type: 19, file_types: ['audio', '.json'] }, true],
  ['a file of no type', { type: 19, file_types: [] }, false],
  ['a file of a type without its dot', { type: 19, file_types: ['json'] }, false],
  ['a file of eleven types', { type: 19, file_types: Array.from({ length: 11 }, () => '.a') }, false],
  ['a field', { type: 4, style: 1 }, true],
])('a form may have %s: %s', (_what, component, taken) => {
  expect(isTaken(() => checkModal(modal(label(component))))).toBe(taken);
});

test('a form has at most five parts, and texts of so many characters', () => {
  const field = (n: number) => ({ ...label({ type: 4, style: 1, custom_id: `${n}` }) });
  expect(isTaken(() => checkModal(modal(...[1, 2, 3, 4, 5].map(field))))).toBe(true);
  expect(isTaken(() => checkModal(modal(...[1, 2, 3, 4, 5, 6].map(field))))).toBe(false);
  expect(isTaken(() => checkModal({ ...modal(field(1)), title: 'x'.repeat(46) }))).toBe(false);
  expect(isTaken(() => checkModal(modal({ ...field(1), description: 'x'.repeat(101) })))).toBe(false);
});

test('only an option for files has types of files', () => {
  const command = (type: number, file_types: unknown) => [
    { name: 'a', description: 'a', options: [{ type, name: 'b', description: 'b', file_types }] },
  ];
  expect(isTaken(() => void checkCommands(command(11, ['.json', 'audio'])))).toBe(true);
  expect(isTaken(() => void checkCommands(command(11, ['json'])))).toBe(false);
  expect(isTaken(() => void checkCommands(command(3, ['.json'])))).toBe(false);
});

test('a file is of a type by the end of its name, or by what it is said to be', () => {
  expect(isFileOfType(['.json'], { name: 'a.JSON' })).toBe(true);
  expect(isFileOfType(['.json'], { name: 'a.txt' })).toBe(false);
  expect(isFileOfType(['audio'], { name: 'a', contentType: 'audio/wav' })).toBe(true);
  expect(isFileOfType(['audio'], { name: 'a.ogg' })).toBe(true);
  expect(isFileOfType(undefined, { name: 'a' })).toBe(true);
});
