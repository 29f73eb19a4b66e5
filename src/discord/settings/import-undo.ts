import { createHash } from 'node:crypto';
import { UserError } from '../../errors.ts';
import { type GuildSettings, guildDefaults, guildSettings } from '../../settings/guild.ts';
import type { GuildRecord, LastImport } from '../../store/store.ts';

// Makes what is kept of the state before an import of settings, and restores that state when somebody undoes the import
// within a day. `settings-files.ts` has the button for it.

type Content = Pick<GuildRecord, 'settings' | 'words'>;

/** How long an import can be undone. */
const UNDO_MS = 24 * 60 * 60_000;

/** What is kept to undo an import: what held before it, and a digest by which it is known whether it still holds. */
interface Undo {
  readonly settings: unknown;
  readonly words: readonly (readonly [word: string, say: string])[];
  readonly after: string;
}

/** Returns what is to be kept so that an import at the time `at` (milliseconds since 1970) can be undone. */
export function undoOf(before: Content, after: Content, at: number): LastImport {
  const undo: Undo = { settings: before.settings, words: [...before.words], after: digestOf(after) };
  return { at, undo: JSON.stringify(undo) };
}

/**
 * Returns the settings and the dictionary as they were before the import at the time `at`. The channels that `/join`
 * has added since then stay. Throws a UserError when that import is too long ago, when it was undone or another one
 * came after it, and when anything else was changed since.
 */
export function undone(last: LastImport | null, current: Content, at: number, now: number): Content {
  if (last?.at !== at) throw new UserError('undo.gone');
  if (now - at > UNDO_MS) throw new UserError('undo.late');
  const { settings, words, after } = JSON.parse(last.undo) as Undo;
  if (digestOf(current) !== after) throw new UserError('undo.changed');
  const before = guildSettings.parse({ ...guildDefaults, ...(settings as object) });
  return {
    settings: { ...before, channels: channelsBefore(before, current.settings) },
    words: new Map(words),
  };
}

/**
 * Returns the channels that somebody had set before the import, and those that `/join` has added since then: these tell
 * what is read at present, which undoing an import should not change.
 */
function channelsBefore(before: GuildSettings, now: GuildSettings): GuildSettings['channels'] {
  const isNow = (id: string) => now.channels.some(channel => channel.id === id);
  const kept = before.channels.filter(({ id, addedBy }) => addedBy === 'admin' || isNow(id));
  const joined = now.channels.filter(
    ({ id, addedBy }) => addedBy === 'join' && kept.every(channel => channel.id !== id),
  );
  return [...kept, ...joined];
}

/** Whether all settings and the dictionary are the same. The order of the names in an object does not count. */
export function isSame(one: Content, other: Content): boolean {
  return textOf(one) === textOf(other);
}

/** A digest of all that was set; the channels of `/join` are not in it. */
function digestOf({ settings, words }: Content): string {
  const channels = settings.channels.filter(({ addedBy }) => addedBy === 'admin');
  return createHash('sha256')
    .update(textOf({ settings: { ...settings, channels }, words }))
    .digest('hex');
}

function textOf({ settings, words }: Content): string {
  return JSON.stringify(canonical({ ...settings, dictionary: Object.fromEntries(words) }));
}

/** The same value with the names of all objects in order, so that equal values have equal JSON. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, canonical(part)]);
}
