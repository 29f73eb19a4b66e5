import { isVoice } from '../discord/channel.ts';
import { COMMAND_TYPE, commandFor } from '../discord/command-lookup.ts';
import { isRecord, type JsonObject, recordsOf, textOf } from '../discord/json.ts';
import { contentOf, isEphemeral, type Message } from '../discord/message.ts';
import { MESSAGE_FLAG } from '../discord/message-flags.ts';
import { OPTION } from '../discord/option-type.ts';
import { contextOf, ownersAt } from '../discord/place.ts';
import type { Servers } from '../world.ts';
import type {
  Channel,
  Command,
  CommandOption,
  PageMessage,
  PageReaction,
  Person,
  Words,
} from './protocol.ts';

/** What is in the sandbox's server, as pages are told of it. */

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** The people whom one can be, then the bot. The server's owner is nobody to act as. */
export function peopleOf({ guild }: Servers): Person[] {
  return [...guild.members.values()]
    .filter(({ user }) => user.id !== guild.owner.id)
    .toSorted((a, b) => Number(a.user.bot) - Number(b.user.bot))
    .map(({ user, mute, nick }) => {
      const state = guild.voiceStates.get(user.id);
      return {
        id: user.id,
        name: nick ?? user.name,
        bot: user.bot,
        locale: user.locale,
        voice: state ? { channelId: state.channelId, muted: state.selfMute, silenced: mute } : null,
      };
    });
}

export function channelsOf({ discord, guild }: Servers): Channel[] {
  const channels = [...guild.channels.values()].map(channel => ({
    id: channel.id,
    name: channel.name,
    type: channel.type,
    voice: isVoice(channel),
    status: discord.voiceStatus(channel),
  }));
  return channels.toSorted((a, b) => Number(a.voice) - Number(b.voice));
}

/** The registered commands, a subcommand as one of its own, and who sees them in the first text channel. */
export function commandsOf(world: Servers): Command[] {
  const words = wordsOf(new Set(peopleOf(world).map(({ locale }) => locale)));
  return recordsOf(world.discord.registered).flatMap(command => {
    const name = textOf(command['name']);
    const type = Number(command['type'] ?? COMMAND_TYPE.chat);
    const seenBy = peopleWho(world, name, type);
    const kind = type === COMMAND_TYPE.message ? 'message' : 'chat';
    return leaves(command, name).map(({ path, leaf }) => ({
      name: path,
      label: kind === 'chat' ? { text: path, translated: {} } : words(command, 'name'),
      description: words(leaf, 'description'),
      kind,
      options: recordsOf(leaf['options']).map(option => optionOf(option, words)),
      seenBy,
    }));
  });
}

/** The command itself, or the subcommands that it consists of. */
function leaves(command: JsonObject, path: string): { path: string; leaf: JsonObject }[] {
  const nested = recordsOf(command['options']).filter(({ type }) => Number(type) <= OPTION.group);
  if (nested.length === 0) return [{ path, leaf: command }];
  return nested.flatMap(one => leaves(one, `${path} ${textOf(one['name'])}`));
}

/** Reads a text of a command, in the languages that somebody here has. */
function wordsOf(locales: ReadonlySet<string>) {
  return (of: JsonObject, field: 'name' | 'description'): Words => {
    const all = of[`${field}_localizations`];
    const translated = Object.entries(isRecord(all) ? all : {}).filter(
      (entry): entry is [string, string] => locales.has(entry[0]) && typeof entry[1] === 'string',
    );
    return { text: textOf(of[field]), translated: Object.fromEntries(translated) };
  };
}

function optionOf(option: JsonObject, words: ReturnType<typeof wordsOf>): CommandOption {
  return {
    name: textOf(option['name']),
    description: words(option, 'description'),
    type: Number(option['type']),
    required: option['required'] === true,
    autocomplete: option['autocomplete'] === true,
    choices: recordsOf(option['choices']).map(choice => ({
      name: words(choice, 'name'),
      value: typeof choice['value'] === 'number' ? choice['value'] : textOf(choice['value']),
    })),
    channelTypes: (Array.isArray(option['channel_types']) ? option['channel_types'] : []).map(Number),
    least: numberOf(option['min_value'] ?? option['min_length']),
    most: numberOf(option['max_value'] ?? option['max_length']),
  };
}

function peopleWho({ discord, guild }: Servers, name: string, type: number): string[] {
  const botId = discord.applicationId;
  const context = contextOf(guild, botId);
  const people = [...guild.members.values()].filter(({ user }) => !user.bot);
  return people.flatMap(({ user }) => {
    const owners = ownersAt(guild, user, { botId, installs: new Set() });
    try {
      const where = { user, guild, channel: guild.textChannel, force: false, context, owners };
      commandFor(discord.registered, { name, type }, where);
      return [user.id];
    } catch (error) {
      if (error instanceof Error) return []; // it says why they do not see it
      throw error;
    }
  });
}

/** A message as pages show it; `uses` names what was used, by the id of the interaction. */
export function messageView(
  message: Message,
  uses: ReadonlyMap<string, string>,
  reactions: readonly PageReaction[],
): PageMessage {
  const { id, channelId, author, fields, files, interaction, flags, referenced } = message;
  const list = (name: string) => (Array.isArray(fields[name]) ? (fields[name] as unknown[]) : []);
  const what = interaction && uses.get(interaction.id);
  return {
    id,
    channelId,
    authorId: author.id,
    author: author.name,
    bot: author.bot,
    at: message.at,
    edited: message.editedAt !== null,
    content: textOf(fields['content']),
    embeds: list('embeds').filter(isRecord),
    components: list('components').filter(isRecord),
    files: files.map(({ id, name, contentType = '', size }) => ({ id, name, type: contentType, size })),
    loading: (flags & MESSAGE_FLAG.loading) !== 0,
    onlyFor: isEphemeral(message) ? (interaction?.user.id ?? null) : null,
    answers: what ? { who: interaction.user.name, what } : null,
    replyTo: referenced ? { author: referenced.author.name, content: contentOf(referenced) } : null,
    reactions,
  };
}

/** The reactions below a message, each emoji once, with the names of those who gave it. */
export function reactionsOf({ discord, guild }: Servers, message: Message): PageReaction[] {
  const byEmoji = Map.groupBy(discord.reactions(message), ({ emoji }) => emoji);
  return [...byEmoji].map(([emoji, all]) => ({
    emoji,
    names: all.map(({ userId }) => guild.members.get(userId)?.user.name ?? 'somebody'),
  }));
}
