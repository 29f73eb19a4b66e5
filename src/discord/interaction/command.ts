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
import type { OptionMaker } from './options.ts';
import type { Services } from './services.ts';
import type { SlashInteraction, CompletionInteraction, MenuInteraction } from './interaction.ts';

interface CommandBase {
  readonly data: RESTPostAPIApplicationCommandsJSONBody;
  /** Everybody in the channel sees the answer, in the server's language; else only the caller, in theirs. */
  readonly public?: boolean;
  /** For those who may manage the server; Discord hides it from others, and it is checked here too. */
  readonly admin?: boolean;
}

export interface SlashCommand extends CommandBase {
  /** Returns the answer. A UserError thrown is told to the caller. Null: it has answered by itself. */
  run(
    interaction: SlashInteraction,
    services: Services,
    t: Translate,
  ): Answer | null | Promise<Answer | null>;
  /** At most 25 values for the option that is being typed. */
  complete?(
    interaction: CompletionInteraction,
    services: Services,
  ): readonly Choice[] | Promise<readonly Choice[]>;
}

/** An entry of the menu that opens on a message, under Apps. */
export interface MessageMenu extends CommandBase {
  menu(interaction: MenuInteraction, services: Services, t: Translate): Answer | Promise<Answer>;
  /** Answers people who have installed the bot for themselves, where it is not. */
  visit?(
    interaction: MessageContextMenuCommandInteraction,
    lines: VisitorLines,
    t: Translate,
  ): Promise<Answer>;
}

export type Command = SlashCommand | MessageMenu;

/** One of a command's subcommands: `/voice set`. */
export interface Subcommand {
  readonly name: string;
  readonly options?: readonly OptionMaker[];
  readonly admin?: boolean;
  run: SlashCommand['run'];
  complete?: SlashCommand['complete'];
}

const everywhere = {
  contexts: [InteractionContextType.Guild],
  integration_types: [ApplicationIntegrationType.GuildInstall],
};

/** Hidden from those who may not manage the server; its admins may decide otherwise in Discord. */
const forAdmins = { default_member_permissions: PermissionFlagsBits.ManageGuild.toString() };

/** Discord's form of a command that works in servers only. */
export function slash(
  name: string,
  options: readonly OptionMaker[] = [],
  { admin = false } = {},
): SlashCommand['data'] {
  const key = `command.${name}`;
  return {
    name,
    ...described(key),
    options: options.map(option => option(key)),
    ...everywhere,
    ...(admin && forAdmins),
  };
}

/** A command of subcommands. */
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
    data: { name, ...described(key), options, ...everywhere, ...(admin && forAdmins) },
    admin,
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

/** Discord's form of a menu on messages; its name is the catalogue's `menu.<name>`. */
export function menuData(name: string): MessageMenu['data'] {
  const key = `menu.${name}` as MessageKey;
  return {
    type: ApplicationCommandType.Message,
    name: english(key),
    name_localizations: localisations(key),
    ...everywhere,
  };
}
