import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  type APIMessageTopLevelComponent,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  type AutocompleteInteraction,
  ChannelType,
  type ChatInputCommandInteraction,
  escapeMarkdown,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
  PermissionFlagsBits,
  type RepliableInteraction,
  type RESTPostAPIApplicationCommandsJSONBody,
  type VoiceBasedChannel,
} from 'discord.js';
import { localisations, type MessageKey, type Translate, translator } from '../locale/catalogue.ts';
import type { VoiceMessage } from '../speech/sound-file.ts';
import type { CommandContext } from './context.ts';
import type { AskedMessage } from './why.ts';
import type { Visits } from './visits.ts';

export type { Translate } from '../locale/catalogue.ts';
export type { StatusReport } from './context.ts';

/** A use of one of the bot's slash commands in a server that the bot is in. */
export type CommandUse = ChatInputCommandInteraction<'cached'>;
/** A use of one of the bot's menus on a message. */
type MenuUse = MessageContextMenuCommandInteraction<'cached'>;
/** A button, a menu or a form that somebody uses. */
export type ComponentUse = Extract<RepliableInteraction<'cached'>, { readonly customId: string }>;
/** A person who is still typing the value of an option. */
export type CompletionUse = AutocompleteInteraction<'cached'>;

/** What goes out: a text, a text with files, a panel of Components V2, or a voice message. Nothing in it ever pings anybody. */
export type Answer =
  | string
  | { readonly text: string; readonly files: readonly AnswerFile[] }
  | { readonly view: readonly APIMessageTopLevelComponent[] }
  /** For everybody. `otherwise`: the words with which it goes as a file where Discord takes no voice message. */
  | { readonly voice: VoiceMessage; readonly otherwise: string };
interface AnswerFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A value offered while an option is typed. */
export interface Choice {
  readonly name: string;
  readonly value: string;
}

interface CommandBase {
  readonly data: RESTPostAPIApplicationCommandsJSONBody;
  /** Everybody in the channel sees the answer, in the server's language; else only the caller, in theirs. */
  readonly public?: boolean;
  /** For those who may manage the server; Discord hides it from others, and it is checked here too. */
  readonly admin?: boolean;
}

export interface SlashCommand extends CommandBase {
  /** Returns the answer. A UserError thrown is told to the caller. Null: it has answered by itself. */
  run(use: CommandUse, context: CommandContext, t: Translate): Answer | null | Promise<Answer | null>;
  /** At most 25 values for the option that is being typed. */
  complete?(use: CompletionUse, context: CommandContext): readonly Choice[] | Promise<readonly Choice[]>;
}

/** An entry of the menu that opens on a message, under Apps. */
export interface MessageMenu extends CommandBase {
  menu(use: MenuUse, context: CommandContext, t: Translate): Answer | Promise<Answer>;
  /** The same for people who have installed the bot for themselves, where it is not. */
  visit?(use: MessageContextMenuCommandInteraction, visits: Visits, t: Translate): Promise<Answer>;
}

export type Command = SlashCommand | MessageMenu;

/** Something whose buttons, menus and forms people press, choose from and send in, also after a restart. */
export interface ComponentOwner {
  /** For logs. */
  readonly name: string;
  /** For those who may manage the server. */
  readonly admin?: boolean;
  owns(customId: string): boolean;
  /** Null: it has answered by itself. */
  answer(use: ComponentUse, t: Translate): Promise<Answer | null>;
}

/** One of a command's subcommands: `/voice set`. */
export interface Subcommand {
  readonly name: string;
  readonly options?: readonly OptionMaker[];
  readonly admin?: boolean;
  run: SlashCommand['run'];
  complete?: SlashCommand['complete'];
}

/** Makes an option of the command or subcommand whose catalogue key is given. */
type OptionMaker = (parent: string) => APIApplicationCommandBasicOption;

const english = translator('en');

/** The description of a command or option, in all languages, from the catalogues: `command.say.text`. */
function described(key: string): { description: string; description_localizations: Record<string, string> } {
  const known = key as MessageKey; // a test holds the catalogue against all commands
  return { description: english(known), description_localizations: localisations(known) };
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
    run(use, context, t) {
      const chosen = use.options.getSubcommand();
      const sub = subcommands.find(({ name }) => name === chosen);
      if (!sub) throw new Error(`no subcommand ${chosen} of ${name}`);
      if (sub.admin) context.checkAdmin(use);
      return sub.run(use, context, t);
    },
    complete(use, context) {
      const chosen = use.options.getSubcommand();
      return subcommands.find(({ name }) => name === chosen)?.complete?.(use, context) ?? [];
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

/** The title of a voice is no longer, nor what is typed of it. */
const MAX_VOICE_TEXT = 100;

interface OptionLimits {
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
}

export function textOption(name: string, { required = false, maxLength }: OptionLimits = {}): OptionMaker {
  return parent => ({
    type: ApplicationCommandOptionType.String,
    name,
    ...described(`${parent}.${name}`),
    required,
    ...(maxLength !== undefined && { max_length: maxLength }),
  });
}

/** A voice, by its id or in words, with what `completeVoice` offers. */
export function voiceOption({ required = false }: OptionLimits = {}): OptionMaker {
  const typed = textOption('voice', { required, maxLength: MAX_VOICE_TEXT });
  return parent => ({ ...typed(parent), autocomplete: true }) as APIApplicationCommandBasicOption;
}

/** Voices for the option that is being typed. */
export const completeVoice: NonNullable<SlashCommand['complete']> = (use, context) =>
  context.voices.offers(use, use.options.getFocused());

/** One of `values`, each shown by the catalogue's key `<labels>.<value>`. */
export function choiceOption(name: string, values: readonly string[], labels: string): OptionMaker {
  return parent => ({
    type: ApplicationCommandOptionType.String,
    name,
    ...described(`${parent}.${name}`),
    required: false,
    choices: values.map(value => {
      const key = `${labels}.${value}` as MessageKey;
      return { value, name: english(key), name_localizations: localisations(key) };
    }),
  });
}

export function numberOption(name: string, { required = false, min, max }: OptionLimits = {}): OptionMaker {
  return parent => ({
    type: ApplicationCommandOptionType.Number,
    name,
    ...described(`${parent}.${name}`),
    required,
    ...(min !== undefined && { min_value: min }),
    ...(max !== undefined && { max_value: max }),
  });
}

export function wholeNumberOption(
  name: string,
  { required = false, min, max }: OptionLimits = {},
): OptionMaker {
  return parent => ({
    type: ApplicationCommandOptionType.Integer,
    name,
    ...described(`${parent}.${name}`),
    required,
    ...(min !== undefined && { min_value: min }),
    ...(max !== undefined && { max_value: max }),
  });
}

export function fileOption(name: string, { required = false }: OptionLimits = {}): OptionMaker {
  return parent => ({
    type: ApplicationCommandOptionType.Attachment,
    name,
    ...described(`${parent}.${name}`),
    required,
  });
}

export function truthOption(name: string, { required = false }: OptionLimits = {}): OptionMaker {
  return parent => ({
    type: ApplicationCommandOptionType.Boolean,
    name,
    ...described(`${parent}.${name}`),
    required,
  });
}

export function voiceChannelOption(name: string): OptionMaker {
  return parent => ({
    type: ApplicationCommandOptionType.Channel,
    name,
    ...described(`${parent}.${name}`),
    required: false,
    channel_types: [ChannelType.GuildVoice, ChannelType.GuildStageVoice],
  });
}

/** The voice channel given as option `name`, if any. */
export function voiceChannelGiven(use: CommandUse, name: string): VoiceBasedChannel | null {
  return use.options.getChannel(name, false, [ChannelType.GuildVoice, ChannelType.GuildStageVoice]);
}

/** So many ids are listed; a list in a file may be long. */
const MAX_LISTED = 5;

/** Ids as they stand in a text; of many the first. Empty for none. */
export function listed(ids: readonly string[]): string {
  const more = ids.length > MAX_LISTED ? ' …' : '';
  return (
    ids
      .slice(0, MAX_LISTED)
      .map(id => `\`${id}\``)
      .join(', ') + more
  );
}

/** Whether a text could be the id of a voice at Fish Audio, the part after `/m/` of its address. */
export function isVoiceId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}

/**
 * The message that somebody names: by its id, by channel and id as Discord's "Copy ID" with Shift gives them, or by a
 * link. Null if the text is none of these.
 */
export function messageIn(text: string): AskedMessage | null {
  const link = /^(?:https:\/\/\S*\/channels\/(\d+)\/(\d+)\/|(\d{15,20})-)?(\d{15,20})\/?$/.exec(text.trim());
  if (!link) return null;
  const [, guildId, channelOfLink, channelOfCopy, id = ''] = link;
  return { id, guildId, channelId: channelOfLink ?? channelOfCopy };
}

/** Text of people's making, shown as they wrote it: no formatting, mentions or links come alive. */
export function plain(text: string): string {
  return escapeMarkdown(text.replace(/\s+/gu, ' '), { heading: true, bulletedList: true, maskedLink: true });
}
