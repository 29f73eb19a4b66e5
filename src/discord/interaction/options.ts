import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ChannelType,
  type VoiceBasedChannel,
} from 'discord.js';
import { localisations, type MessageKey } from '../../locale/catalogue.ts';
import { described, english } from './described.ts';
import type { SlashInteraction } from './interaction.ts';

/** Makes an option of the command or subcommand whose catalogue key is given. */
export type OptionMaker = (parent: string) => APIApplicationCommandBasicOption;

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
export function voiceChannelGiven(interaction: SlashInteraction, name: string): VoiceBasedChannel | null {
  return interaction.options.getChannel(name, false, [ChannelType.GuildVoice, ChannelType.GuildStageVoice]);
}
