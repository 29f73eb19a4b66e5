import { type REST, Routes } from 'discord.js';
import type { Command } from '../interaction/command.ts';

/** What Discord stores of a command although it was never sent, by the value that means the same as absent. */
const ABSENT: readonly unknown[] = [undefined, null, false, ''];

/** A value in a form that can be compared: keys in order, what Discord adds by itself left out. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, canonical(inner)] as const)
    .filter(([, inner]) => !ABSENT.includes(inner))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

const SERVER_KEYS = new Set(['id', 'application_id', 'guild_id', 'version']);

/** The commands in a form that is equal for equal content, whether ours or as Discord returns them. */
export function fingerprint(commands: readonly object[]): string {
  const bare = commands.map(command =>
    canonical(
      Object.fromEntries([
        ['type', 1],
        ...Object.entries(command).filter(([key]) => !SERVER_KEYS.has(key)),
        ['dm_permission', undefined], // deprecated; `contexts` says it
      ]),
    ),
  );
  return JSON.stringify(bare.map(command => JSON.stringify(command)).sort());
}

/**
 * Registers the commands globally, unless Discord has the very same. Returns whether it had to.
 * (Discord, "Application Commands": Bulk Overwrite Global Application Commands.)
 */
export async function registerCommands(
  rest: REST,
  applicationId: string,
  commands: readonly Command[],
): Promise<boolean> {
  const route = Routes.applicationCommands(applicationId);
  const wanted = commands.map(command => command.data);
  // Without being asked, Discord leaves the translations out.
  const registered = await rest.get(route, { query: new URLSearchParams({ with_localizations: 'true' }) });
  if (Array.isArray(registered) && fingerprint(registered as object[]) === fingerprint(wanted)) return false;
  await rest.put(route, { body: wanted });
  return true;
}
