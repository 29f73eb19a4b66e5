import type { Cdn } from './cdn.ts';
import type { FakeChannel } from './channel.ts';
import { numbered } from './component.ts';
import type { FakeGuild } from './guild.ts';
import type { JsonObject } from './json.ts';
import { allowed, type Mentions, mentionsIn, withoutMassMentions } from './mentions.ts';
import { MESSAGE_TYPE, type Message } from './message.ts';
import { MESSAGE_FLAG } from './message-flags.ts';
import type { Messages } from './messages.ts';
import { PERMISSION } from './permissions.ts';
import { postedFiles } from './posted-files.ts';
import type { UploadedFile } from './rest-body.ts';
import type { FakeUser } from './user.ts';

/** Whose mentions count where a message does not say: all, but in an answer to an interaction users alone. */
const CHANNEL_DEFAULT = ['users', 'roles', 'everyone'];
const REPLY_DEFAULT = ['users'];

interface BotMessagesOptions {
  readonly bot: FakeUser;
  readonly cdn: Cdn;
  readonly messages: Messages;
  /** And conversations. */
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  readonly nextId: () => string;
}

/** A body that was found to be in order, and the files beside it. */
export interface Posted {
  readonly fields: JsonObject;
  readonly files: readonly UploadedFile[];
  /** Where the message stands in the body, for errors. */
  readonly path?: readonly string[];
}

/** What Discord makes of the messages that the bot sends and edits. */
export class BotMessages {
  readonly #options: BotMessagesOptions;

  constructor(options: BotMessagesOptions) {
    this.#options = options;
  }

  /** A new message; `more` is what the bot did not say itself. */
  post(
    { guild, channel }: { guild: FakeGuild; channel: FakeChannel },
    posted: Posted,
    more: Partial<Pick<Message, 'type' | 'interaction' | 'referenced'>> & { readonly loading?: boolean } = {},
  ): Message {
    const { bot, messages, nextId } = this.#options;
    const { type = MESSAGE_TYPE.default, loading = false, interaction, referenced } = more;
    const { flags: sent, attachments: _, ...fields } = posted.fields;
    const flags = (typeof sent === 'number' ? sent : 0) | (loading ? MESSAGE_FLAG.loading : 0);
    const reply = interaction !== undefined;
    const place = { channel_id: channel.id, ...(!guild.direct && { guild_id: guild.id }) };
    return messages.add({
      id: nextId(),
      type,
      channelId: channel.id,
      guildId: guild.id,
      author: bot,
      fields: {
        ...withNumbers(fields),
        ...(referenced && { message_reference: { type: 0, message_id: referenced.id, ...place } }),
      },
      files: this.#files(posted, [], channel.id, flags),
      flags,
      mentions: this.#mentions(fields, guild, channel.id, { reply, to: referenced?.author }),
      at: new Date().toISOString(),
      editedAt: null,
      ...(interaction && { interaction }),
      ...(referenced !== undefined && { referenced }),
    });
  }

  /** A message after an edit; what the body does not name stays. */
  edit(message: Message, posted: Posted): Message {
    const { guilds, messages } = this.#options;
    const { flags: sent, attachments: _, ...fields } = posted.fields;
    const guild = guilds.get(message.guildId);
    const loading = (message.flags & MESSAGE_FLAG.loading) !== 0;
    const set = typeof sent === 'number' ? sent & ~MESSAGE_FLAG.ephemeral : 0;
    const reply = message.interaction !== undefined;
    const mentions =
      guild && fields['content'] !== undefined
        ? this.#mentions(fields, guild, message.channelId, { reply, to: message.referenced?.author })
        : message.mentions;
    return messages.change({
      ...message,
      fields: { ...message.fields, ...withNumbers(fields) },
      mentions,
      files: this.#files(posted, message.files, message.channelId, message.flags),
      flags: (message.flags & ~MESSAGE_FLAG.loading) | set,
      editedAt: loading ? null : new Date().toISOString(),
    });
  }

  #files(
    posted: Posted,
    before: Message['files'],
    channelId: string,
    flags: number,
  ): readonly Message['files'][number][] {
    const { bot, cdn } = this.#options;
    const shelf = (flags & MESSAGE_FLAG.ephemeral) !== 0 ? { applicationId: bot.id } : { channelId };
    return postedFiles(posted, before, {
      cdn,
      shelf,
      path: posted.path ?? [],
      voice: (flags & MESSAGE_FLAG.voice) !== 0,
    });
  }

  #mentions(
    fields: JsonObject,
    guild: FakeGuild,
    channelId: string,
    { reply, to }: { reply: boolean; to: FakeUser | undefined },
  ): Mentions {
    const { bot } = this.#options;
    const { content, allowed_mentions: rules } = fields;
    const found = mentionsIn(typeof content === 'string' ? content : '', guild);
    const mentions = allowed(found, fields, reply ? REPLY_DEFAULT : CHANNEL_DEFAULT);
    const channel = guild.channels.get(channelId);
    const bits = guild.members.has(bot.id) ? guild.permissionsOf(bot.id, channel) : 0n;
    const mass = (bits & PERMISSION.mentionEveryone) !== 0n;
    const told = mass ? mentions : withoutMassMentions(mentions);
    const ping = to && to.id !== bot.id && tellsReplied(rules) && !told.users.some(({ id }) => id === to.id);
    return ping ? { ...told, users: [...told.users, to] } : told;
  }
}

/** Components get the ids that they are told with. */
function withNumbers(fields: JsonObject): JsonObject {
  return fields['components'] === undefined
    ? fields
    : { ...fields, components: numbered(fields['components']) };
}

/** `replied_user`: by default a reply tells, but not where `allowed_mentions` is given without it. */
function tellsReplied(rules: unknown): boolean {
  if (typeof rules !== 'object' || rules === null) return true;
  return 'replied_user' in rules && rules.replied_user === true;
}
