import {
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
  PermissionFlagsBits,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import { localisations, type MessageKey, type Translate } from '../../locale/catalogue.ts';
import type { VisitorLines } from '../lines/visitor-lines.ts';
import type { Answer, Choice } from './answer.ts';
import { checkManager } from './callers.ts';
import { described, english } from './described.ts';
import type { CompletionInteraction, MenuInteraction, SlashInteraction } from './interaction.ts';
import type { OptionMaker } from './options.ts';
import type { Services } from './services.ts';

// Says what a command, a subcommand or a menu entry consists of, and makes the data by which Discord shows it. The
// commands themselves, in the folder `commands/`, are built with `slash`, `group` and `menuData`; their options with
// `options.ts`.

/** What slash commands and menu entries have in common. */
interface CommandBase {
  /** The command in the form in which it is registered at Discord. */
  readonly data: RESTPostAPIApplicationCommandsJSONBody;
  /**
   * True: everybody in the channel sees the answer, in the guild's language. False: only the caller sees it, in
   * theirs.
   */
  readonly public?: boolean;
  /**
   * True when only people who may manage the guild can use the command. Discord hides it from all others, and the bot
   * checks the permission again on each use.
   */
  readonly admin?: boolean;
  /** True when only people who may mute members can use the command; it is hidden and checked in the same way. */
  readonly moderator?: boolean;
}

/** A command that people type, such as `/say`. */
export interface SlashCommand extends CommandBase {
  /** The subcommands, if the command is a group of them. */
  readonly subcommands?: readonly Subcommand[];
  /**
   * Does what the command is for and returns the answer, or null when it has answered by itself. A UserError that it
   * throws is told to the caller in their language; any other error becomes a general apology.
   */
  run(
    interaction: SlashInteraction,
    services: Services,
    t: Translate,
  ): Answer | null | Promise<Answer | null>;
  /** Returns at most 25 values to offer for the option that the caller is typing. */
  complete?(
    interaction: CompletionInteraction,
    services: Services,
  ): readonly Choice[] | Promise<readonly Choice[]>;
}

/** An entry of the menu that Discord opens on a message, under "Apps". */
export interface MessageMenu extends CommandBase {
  /** Does what the entry is for and returns the answer. A UserError that it throws is told to the caller. */
  menu(interaction: MenuInteraction, services: Services, t: Translate): Answer | Promise<Answer>;
  /**
   * Answers a visitor: somebody who installed the bot for themselves and uses the entry where the bot is not a member.
   * An entry without this method is not offered to visitors.
   */
  visit?(
    interaction: MessageContextMenuCommandInteraction,
    lines: VisitorLines,
    t: Translate,
  ): Promise<Answer>;
}

export type Command = SlashCommand | MessageMenu;

/** A subcommand, such as `set` in `/voice set`. It belongs to a command that `group` makes. */
export interface Subcommand {
  readonly name: string;
  readonly options?: readonly OptionMaker[];
  readonly admin?: boolean;
  run: SlashCommand['run'];
  complete?: SlashCommand['complete'];
}

/** Settings of every command: it works only in guilds, and only where the bot is installed for the guild. */
const forGuilds = {
  contexts: [InteractionContextType.Guild],
  integration_types: [ApplicationIntegrationType.GuildInstall],
};

/**
 * Discord hides such a command from people without the permission; the guild's admins can change that in Discord's
 * settings.
 */
const forAdmins = { default_member_permissions: PermissionFlagsBits.ManageGuild.toString() };
const forModerators = { default_member_permissions: PermissionFlagsBits.MuteMembers.toString() };

/**
 * Returns a slash command in the form in which Discord registers it, for use in guilds. The descriptions of the
 * command and of its options are taken from the catalogue, under `command.<name>`.
 */
export function slash(
  name: string,
  options: readonly OptionMaker[] = [],
  { admin = false, moderator = false } = {},
): SlashCommand['data'] {
  const key = `command.${name}`;
  return {
    name,
    ...described(key),
    options: options.map(option => option(key)),
    ...forGuilds,
    ...(moderator && forModerators),
    ...(admin && forAdmins),
  };
}

/** Returns a slash command that hands each use to one of its subcommands. */
export function group(
  name: string,
  subcommands: readonly Subcommand[],
  { admin = false } = {},
): SlashCommand {
  const key = `command.${name}`;
  const options = subcommands.map(
    (sub): APIApplicationCommandSubcommandOption => ({
      type: ApplicationCommandOptionType.Subcommand,
      name: sub.name,
      ...described(`${key}.${sub.name}`),
      options: (sub.options ?? []).map(option => option(`${key}.${sub.name}`)),
    }),
  );
  return {
    data: { name, ...described(key), options, ...forGuilds, ...(admin && forAdmins) },
    admin,
    subcommands,
    run(interaction, services, t) {
      const chosen = interaction.options.getSubcommand();
      const sub = subcommands.find(({ name }) => name === chosen);
      if (!sub) throw new Error(`no subcommand ${chosen} of ${name}`);
      if (sub.admin) checkManager(interaction);
      return sub.run(interaction, services, t);
    },
    complete(interaction, services) {
      const chosen = interaction.options.getSubcommand();
      return subcommands.find(({ name }) => name === chosen)?.complete?.(interaction, services) ?? [];
    },
  };
}

/**
 * Returns an entry of the menu on messages in the form in which Discord registers it. What people read in the menu is
 * the catalogue's `menu.<name>`.
 */
export function menuData(name: string): MessageMenu['data'] {
  const key = `menu.${name}` as MessageKey;
  return {
    type: ApplicationCommandType.Message,
    name: english(key),
    name_localizations: localisations(key),
    ...forGuilds,
  };
}
