import type { z } from 'zod';
import type { Logger } from '../log.ts';

type Shape = Record<string, z.ZodType>;

/** What the database has of one row of settings: by name, unchecked. Names this code does not know stay in it. */
export type StoredSettings = Readonly<Record<string, unknown>>;

/** Reads what `writeSettings` wrote. Anything but an object is taken as nothing, which is logged. */
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

/** The settings that hold: each stored value if it is in bounds, else its default, which is logged by name. */
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

/** A checked copy of what `patch` sets. Throws RangeError with the names of what is unknown or out of bounds. */
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
