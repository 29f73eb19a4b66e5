import { setTimeout as sleep } from 'node:timers/promises';
import { DiscordAPIError, type REST, Routes } from 'discord.js';
import type { Logger } from '../../log.ts';
import type { Command } from '../interaction/command.ts';
import type { RegisteredCommand } from '../interaction/command-ids.ts';

// Tells Discord which commands the bot has, if they differ from those that Discord knows. Most of this file is about
// telling whether they differ; the commands themselves are in the folder `commands/`.

/** Values that Discord adds to a command's fields by itself; each of them means the same as an absent field. */
const ABSENT: readonly unknown[] = [undefined, null, false, ''];

/**
 * Returns a value in a form that can be compared: the keys are sorted, and what Discord adds by itself is left out.
 */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, canonical(inner)] as const)
    .filter(([, inner]) => !ABSENT.includes(inner))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** The first pause before Discord is asked again when it cannot be reached; each further pause is twice as long. */
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** Fields that only Discord's copy of a command has. */
const DISCORDS_OWN_KEYS = new Set(['id', 'application_id', 'guild_id', 'version']);

/**
 * Returns a text that is the same for commands of the same content, whether they are ours or come back from Discord.
 */
export function fingerprint(commands: readonly object[]): string {
  const bare = commands.map(command =>
    canonical(
      Object.fromEntries([
        ['type', 1],
        ...Object.entries(command).filter(([key]) => !DISCORDS_OWN_KEYS.has(key)),
        ['dm_permission', undefined], // This field is deprecated: `contexts` now says the same.
      ]),
    ),
  );
  return JSON.stringify(bare.map(command => JSON.stringify(command)).sort());
}

/**
 * Registers the commands globally, unless Discord already has the very same ones. Resolves with the commands as Discord
 * has them now, and with whether they have changed. Rejects with the error of Discord's REST API. (Discord,
 * "Application Commands": Bulk Overwrite Global Application Commands.)
 */
export async function registerCommands(
  rest: REST,
  applicationId: string,
  commands: readonly Command[],
): Promise<{ readonly changed: boolean; readonly registered: readonly RegisteredCommand[] }> {
  const route = Routes.applicationCommands(applicationId);
  const wanted = commands.map(command => command.data);
  // Discord leaves the translations out of its answer unless it is asked for them.
  const asking = rest.get(route, { query: new URLSearchParams({ with_localizations: 'true' }) });
  // Where the list is refused, the commands may be accepted all the same; they are then always sent.
  const before = listOf(await asking.catch(noneIfRefused));
  if (fingerprint(before) === fingerprint(wanted)) return { changed: false, registered: before };
  return { changed: true, registered: listOf(await rest.put(route, { body: wanted })) };
}

/**
 * Does `register`, and does it again after growing pauses until Discord has answered. Rejects with DiscordAPIError when
 * Discord refuses the commands themselves, which would be the same each time. The pauses do not keep the process alive.
 */
export async function untilRegistered<T>(
  register: () => Promise<T>,
  log: Logger,
  firstPauseMs = FIRST_PAUSE_MS,
): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await register();
    } catch (error) {
      if (isRefused(error)) throw error;
      log.warn({ err: error, againInMs: pauseMs }, 'commands not registered yet');
    }
    await sleep(pauseMs, undefined, { ref: false });
  }
}

/** Whether Discord has refused a call, and would refuse the same call again. */
function isRefused(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status < 500;
}

function noneIfRefused(error: unknown): readonly RegisteredCommand[] {
  if (isRefused(error)) return [];
  throw error;
}

function listOf(commands: unknown): readonly RegisteredCommand[] {
  return Array.isArray(commands) ? (commands as RegisteredCommand[]) : [];
}
