import { UserError } from '../../errors.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import type { HelpEntry } from './topics.ts';

// Decides which commands `/help` shows to a caller: those that Discord's permissions and the guild's settings let them
// use. A command that a setting turns off gets a rule in `RULES`; the command itself still checks who may use it.

/** What a caller may do, as far as it decides which commands they may use. */
export interface CallerRights {
  /** Whether Discord grants them all permissions of a bit field, given as a number in decimal. */
  readonly has: (permissions: string) => boolean;
  readonly isManager: boolean;
  readonly hasRole: (roleId: string) => boolean;
  /** Whether they have a voice that was made of their own recording here. */
  readonly hasClone: boolean;
  readonly settings: GuildSettings;
  /** Throw a UserError if they may not change the dictionary, or not replace all of it. */
  readonly checkMayTeach: () => void;
  readonly checkMayReplaceWords: () => void;
}

/** Whether somebody may use a command, so that `/help` shows it to them. */
export function isOffered({ name, admin, permissions }: HelpEntry, rights: CallerRights): boolean {
  if (admin && !rights.isManager) return false;
  if (permissions !== null && !rights.has(permissions)) return false;
  return RULES[name]?.(rights) ?? true;
}

/** Commands that a guild's settings give to some people, or to nobody. */
const RULES: Readonly<Record<string, (rights: CallerRights) => boolean>> = {
  ask: ({ settings: { ask, askRole }, hasRole }) => ask && (askRole === null || hasRole(askRole)),
  follow: ({ settings }) => settings.follow,
  'voice clone': ({ settings }) => settings.clone,
  'voice forget': ({ settings, hasClone, isManager }) => settings.clone || hasClone || isManager,
  'dictionary add': ({ checkMayTeach }) => passes(checkMayTeach),
  'dictionary remove': ({ checkMayTeach }) => passes(checkMayTeach),
  'dictionary import': ({ checkMayReplaceWords }) => passes(checkMayReplaceWords),
};

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
