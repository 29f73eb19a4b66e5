import { UserError } from '../../errors.ts';
import type { guildSettings } from '../../settings/guild.ts';
import { BOUNDS } from '../../settings/values.ts';
import { shortened } from '../../shortened.ts';

// Tells people what is wrong with a file of settings that they want to import: under which name, what stands there, and
// what could stand there. `file-format.ts` reads the files.

/** What is wrong with one value, as the schema of the settings tells it. */
type Issue = NonNullable<ReturnType<typeof guildSettings.safeParse>['error']>['issues'][number];

/** The most characters of a wrong name, and of a wrong value, that are shown to people. */
const MAX_WHERE = 100;
const MAX_GIVEN = 40;
/** The most values of a choice that are named. */
const MAX_VALUES = 8;

/**
 * Returns the error that tells where a file cannot be used. `where` is a name from the file, so it may hold anything
 * and is cleaned before it is shown.
 */
export function wrongAt(where: string): UserError {
  return new UserError('file.wrong', { where: cleaned(where) });
}

/**
 * Returns the error that tells what is wrong with a value of a file, and what it can be: `speed: 7 — from 0.5 to 2`.
 * `given` is what the file has in all.
 */
export function wrongValue(issue: Issue | undefined, given: unknown): UserError {
  if (!issue) return wrongAt('');
  if (issue.code === 'unrecognized_keys') return wrongAt(issue.keys[0] ?? '');
  const where = cleaned(issue.path.join('.'));
  const value = shown(valueAt(given, issue.path));
  const bounds = boundsAt(issue.path);
  if (bounds && (issue.code === 'too_big' || issue.code === 'too_small' || issue.code === 'invalid_type'))
    return new UserError('file.range', { where, given: value, low: bounds[0], high: bounds[1] });
  if (issue.code === 'too_big' && typeof issue.maximum === 'number')
    return new UserError('file.too-many', { where, most: issue.maximum });
  const values = valuesOf(issue);
  if (values.length > 0)
    return new UserError('file.choice', {
      where,
      given: value,
      values: values.slice(0, MAX_VALUES).join(', '),
    });
  return wrongAt(where);
}

/** The bounds of the number at a path, such as `channels.0.speed` or `bounds.speed.1`; undefined if it is no number. */
function boundsAt(path: readonly PropertyKey[]): readonly [number, number] | undefined {
  const name = path.findLast(part => typeof part === 'string');
  const isNumber = name !== undefined && Object.hasOwn(BOUNDS, name);
  return isNumber ? BOUNDS[name as keyof typeof BOUNDS] : undefined;
}

function valuesOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_type' && issue.expected === 'boolean' ? ['true', 'false'] : [];
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    given,
  );
}

function shown(value: unknown): string {
  return `\`${cleaned(JSON.stringify(value) ?? '', MAX_GIVEN)}\``;
}

/** A name or a value from a file so that it can be shown: on one line, without marks of code, and not too long. */
export function cleaned(text: string, max = MAX_WHERE): string {
  return shortened(text.replace(/[`\p{C}\s]+/gu, ' '), max);
}
