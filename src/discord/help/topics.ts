import { ApplicationCommandType } from 'discord.js';

// Says to which topic of `/help` each command belongs, and in which order a topic shows its commands. A new command is
// placed here; one that is not placed is shown in the last topic.

/**
 * The topics of `/help`, each with its commands in the order in which they are shown. A name such as `voice` stands for
 * all subcommands of `/voice` that are not in one of these lists with their own names.
 */
const TOPICS = {
  talking: ['say', 'Read aloud', 'ask', 'voicemessage', 'Save as audio'],
  channel: ['join', 'leave', 'pause', 'resume', 'skip', 'stop', 'queue', 'follow'],
  voices: ['voice search', 'voice set', 'voice show', 'voice', 'name'],
  reading: ['why', 'Why not read?', 'optout', 'optin', 'dictionary', 'ignore', 'unignore'],
  managing: ['settings', 'voice server', 'usage'],
  more: ['status', 'privacy', 'help'],
} as const;

export type HelpTopic = keyof typeof TOPICS;
export const HELP_TOPICS = Object.keys(TOPICS) as readonly HelpTopic[];

/** One line of `/help`: a command, a subcommand, or an entry of the menu on messages. */
export interface HelpEntry {
  /** The full name, such as `voice set`; of an entry of a menu its English name. */
  readonly name: string;
  readonly kind: 'command' | 'menu';
  /** Whether only people who may manage the guild can use it. */
  readonly admin: boolean;
  /** The permissions that Discord asks of people by default, as a number in decimal; null if it asks for none. */
  readonly permissions: string | null;
}

/** A command as far as `/help` needs to know it. */
export interface HelpCommand {
  readonly data: {
    readonly name: string;
    readonly type?: ApplicationCommandType | undefined;
    readonly default_member_permissions?: string | null | undefined;
  };
  readonly admin?: boolean;
  readonly subcommands?: readonly { readonly name: string; readonly admin?: boolean }[];
}

/** Returns all that `/help` can show. A command with subcommands is shown as these. */
export function entriesOf(commands: readonly HelpCommand[]): readonly HelpEntry[] {
  return commands.flatMap((command): readonly HelpEntry[] => {
    const { name, type, default_member_permissions: permissions = null } = command.data;
    const common = { admin: command.admin === true, permissions };
    if (type === ApplicationCommandType.Message) return [{ ...common, name, kind: 'menu' }];
    if (!command.subcommands) return [{ ...common, name, kind: 'command' }];
    return command.subcommands.map(sub => ({
      ...common,
      name: `${name} ${sub.name}`,
      kind: 'command' as const,
      admin: common.admin || sub.admin === true,
    }));
  });
}

/** Returns the entries of a topic, in its order. */
export function entriesIn(topic: HelpTopic, entries: readonly HelpEntry[]): readonly HelpEntry[] {
  const placed = entries.filter(({ name }) => topicOf(name) === topic);
  const names: readonly string[] = TOPICS[topic];
  const rank = ({ name }: HelpEntry) => {
    const at = names.indexOf(listedName(name, names));
    return at < 0 ? names.length : at;
  };
  return placed.toSorted((a, b) => rank(a) - rank(b));
}

/** The topic in which a command or an entry of a menu is shown. */
export function topicOf(name: string): HelpTopic {
  const isListed = (listed: string) => (topic: HelpTopic) =>
    (TOPICS[topic] as readonly string[]).includes(listed);
  return HELP_TOPICS.find(isListed(name)) ?? HELP_TOPICS.find(isListed(groupOf(name))) ?? 'more';
}

const groupOf = (name: string) => name.split(' ')[0] ?? '';

/** The name by which a topic lists a command: its own, or that of its group. */
function listedName(name: string, names: readonly string[]): string {
  return names.includes(name) ? name : groupOf(name);
}
