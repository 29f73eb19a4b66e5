import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ChannelType,
  type FileUploadType,
  type GuildMember,
  type VoiceBasedChannel,
} from 'discord.js';
import { UserError } from '../../errors.ts';
import { localisations, type MessageKey } from '../../locale/catalogue.ts';
import { described, english } from './described.ts';
import type { SlashInteraction } from './interaction.ts';

// Makes the options of commands in the form that Discord expects, with one function for each kind: text, number, file,
// member and so on. For members and voice channels it also reads what the caller gave. `command.ts` uses them.

/**
 * Makes one option of a command or subcommand in Discord's form. `parent` is the catalogue key of that command, such
 * as `command.say`; the option's description is found under `<parent>.<option name>`.
 */
export type OptionMaker = (parent: string) => APIApplicationCommandBasicOption;

/** The longest text that people can type for a voice, in characters: no title of a voice at Fish Audio is longer. */
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

/** The longest word of a dictionary, in characters. */
const MAX_WORD = 64;

/** Makes an option for a word of the dictionary, while Discord offers the words that are in it. */
export function wordOption(name: string): OptionMaker {
  const typed = textOption(name, { required: true, maxLength: MAX_WORD });
  return parent => ({ ...typed(parent), autocomplete: true }) as APIApplicationCommandBasicOption;
}

/** Makes the option `voice`: an id or words, while Discord offers the voices that `completeVoice` finds. */
export function voiceOption({ required = false }: OptionLimits = {}): OptionMaker {
  const typed = textOption('voice', { required, maxLength: MAX_VOICE_TEXT });
  return parent => ({ ...typed(parent), autocomplete: true }) as APIApplicationCommandBasicOption;
}

/**
 * Makes an option whose value is one of `values`. People see each value as the catalogue's text `<labels>.<value>`.
 */
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

/**
 * Makes an option for a file. Discord lets people choose only files of the kinds in `types`, which are families such as
 * `audio`, or extensions such as `.json`. An altered client can send any file all the same.
 */
export function fileOption(
  name: string,
  { required = false, types }: OptionLimits & { readonly types: readonly FileUploadType[] },
): OptionMaker {
  return parent => ({
    type: ApplicationCommandOptionType.Attachment,
    name,
    ...described(`${parent}.${name}`),
    required,
    file_types: [...types],
  });
}

export function booleanOption(name: string, { required = false }: OptionLimits = {}): OptionMaker {
  return parent => ({
    type: ApplicationCommandOptionType.Boolean,
    name,
    ...described(`${parent}.${name}`),
    required,
  });
}

export function memberOption(name: string, { required = false }: OptionLimits = {}): OptionMaker {
  return parent => ({
    type: ApplicationCommandOptionType.User,
    name,
    ...described(`${parent}.${name}`),
    required,
  });
}

/**
 * Returns the member whom the caller gave for the option `name`, or null when they gave nobody. Throws the UserError
 * `not-a-member` when it is somebody who is not in the guild.
 */
export function memberGiven(interaction: SlashInteraction, name: string): GuildMember | null {
  const { options, guild } = interaction;
  if (!options.get(name)) return null;
  const member = options.getMember(name) ?? guild.members.cache.get(idGiven(interaction, name));
  if (!member) throw new UserError('not-a-member');
  return member;
}

/**
 * Returns the id of what the caller gave for the required option `name`, a member for example. It is there also where
 * the interaction does not bring the data of what it names.
 */
export function idGiven(interaction: SlashInteraction, name: string): string {
  return String(interaction.options.get(name, true).value);
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

/**
 * Returns the voice or stage channel that the caller gave for the option `name`, or null when they gave none. Throws
 * the UserError `join.not-for-caller` when it is no such channel of the guild; an altered client can name any channel.
 */
export function voiceChannelGiven(interaction: SlashInteraction, name: string): VoiceBasedChannel | null {
  if (!interaction.options.get(name)) return null;
  const channel = interaction.guild.channels.cache.get(idGiven(interaction, name));
  if (!channel?.isVoiceBased()) throw new UserError('join.not-for-caller');
  return channel;
}
