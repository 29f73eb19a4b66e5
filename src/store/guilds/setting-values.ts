import type { z } from 'zod';
import type { Logger } from '../../log.ts';

// Turns the settings as the database has them (JSON) into settings that hold, and checks those that are to be saved.

type Shape = Record<string, z.ZodType>;

/** The settings of one row of the database, by name and unchecked. It may have names that this code does not know. */
export type StoredSettings = Readonly<Record<string, unknown>>;

/** Reads the JSON of a row. Where it is not an object, no setting is set, and the log says so. */
export function readStored(json: string | undefined, log: Logger): StoredSettings {
  if (json === undefined) return {};
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as StoredSettings;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  log.error('settings in the database are no JSON object: the defaults hold instead');
  return {};
}

/**
 * The settings that hold: each stored value if it is in its bounds, else its default, and then the log has its name.
 */
export function effectiveSettings<Settings extends object>(
  schema: { readonly shape: Shape },
  defaults: Settings,
  stored: StoredSettings,
  log: Logger,
): Settings {
  const settings: Record<string, unknown> = Object.fromEntries(Object.entries(defaults));
  for (const [name, type] of Object.entries(schema.shape)) {
    if (!Object.hasOwn(stored, name)) continue;
    const { success, data } = type.safeParse(stored[name]);
    if (success) settings[name] = data;
    else log.error({ setting: name }, 'a setting in the database cannot be read: its default holds instead');
  }
  return settings as Settings;
}

/** A checked copy of `patch`. Throws RangeError with the names of all settings that are unknown or out of bounds. */
export function checkedPatch(schema: { readonly shape: Shape }, patch: object): StoredSettings {
  const checked: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const result = Object.hasOwn(schema.shape, name) ? schema.shape[name]?.safeParse(value) : undefined;
    if (result?.success) checked[name] = result.data;
    else wrong.push(name);
  }
  if (wrong.length > 0) throw new RangeError(`settings out of bounds: ${wrong.join(', ')}`);
  return checked;
}
