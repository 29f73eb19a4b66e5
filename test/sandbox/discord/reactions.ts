import type { FakeGuild } from './guild.ts';
import type { Happenings } from './happenings.ts';
import { isEphemeral } from './message.ts';
import type { Messages } from './messages.ts';
import { PERMISSION } from './permissions.ts';
import {
  missingAccess,
  missingPermissions,
  RestError,
  unknownChannel,
  unknownMessage,
} from './rest-error.ts';
import type { RestCall, RestRoute } from './rest-server.ts';

/** Somebody's reaction below a message. */
export interface Reaction {
  readonly messageId: string;
  readonly userId: string;
  readonly emoji: string;
}

interface ReactionsOptions {
  readonly botId: string;
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  readonly messages: Messages;
  readonly dispatch: (guildId: string, event: string, data: object) => void;
  readonly happenings: Happenings;
}

/** A message has at most so many different reactions. */
const KINDS_MAX = 20;
/** The oldest reactions are lost beyond so many, so that the sandbox can run for days. */
const KEPT = 10_000;
/** Reactions of a channel are limited on their own, more than anything else. */
const LIMIT = { calls: 1, windowMs: 250 };

const unknownEmoji = () => new RestError(400, 10014, 'Unknown Emoji');
const tooMany = () => new RestError(403, 30010, 'Maximum number of reactions reached (20)');

/** The reactions below messages. (Discord, "Message", Create Reaction and Delete Own Reaction.) */
export class Reactions {
  readonly #options: ReactionsOptions;
  #all: readonly Reaction[] = [];

  constructor(options: ReactionsOptions) {
    this.#options = options;
  }

  /** Those below a message, in the order in which they were added. */
  of({ id }: { readonly id: string }): Reaction[] {
    return this.#all.filter(one => one.messageId === id);
  }

  routes(): RestRoute[] {
    const { botId, dispatch, happenings } = this.#options;
    const path = '/channels/:channelId/messages/:messageId/reactions/:emoji/@me';
    return [
      {
        method: 'PUT',
        path,
        limit: LIMIT,
        run: call => {
          const { guild, bits, message, emoji, there, own, event } = this.#asked(call);
          const isNew = !there.some(one => one.emoji === emoji);
          if (isNew && (bits & PERMISSION.addReactions) === 0n) throw missingPermissions();
          if (isNew && new Set(there.map(one => one.emoji)).size >= KINDS_MAX) throw tooMany();
          if (own) return undefined;
          this.#all = [...this.#all, { messageId: message.id, userId: botId, emoji }].slice(-KEPT);
          happenings.emit('message', message);
          dispatch(guild.id, 'MESSAGE_REACTION_ADD', { ...event, type: 0, burst: false });
          return undefined;
        },
      },
      {
        method: 'DELETE',
        path,
        limit: LIMIT,
        run: call => {
          const { guild, message, own, event } = this.#asked(call);
          if (!own) return undefined;
          this.#all = this.#all.filter(one => one !== own);
          happenings.emit('message', message);
          dispatch(guild.id, 'MESSAGE_REACTION_REMOVE', { ...event, type: 0, burst: false });
          return undefined;
        },
      },
    ];
  }

  /** What a call is about. Throws where the bot may not see it, or it is not there. */
  #asked({ params }: RestCall) {
    const { botId, guilds, messages } = this.#options;
    const { channelId = '', messageId = '', emoji = '' } = params;
    const guild = [...guilds.values()].find(({ channels }) => channels.has(channelId));
    const channel = guild?.channels.get(channelId);
    if (!guild || !channel) throw unknownChannel();
    if (!guild.mayRead(botId, channel)) throw missingAccess();
    const bits = guild.permissionsOf(botId, channel);
    if ((bits & PERMISSION.readMessageHistory) === 0n) throw missingPermissions();
    const message = messages.get(messageId);
    if (message?.channelId !== channelId || isEphemeral(message)) throw unknownMessage();
    if (!/^\p{RGI_Emoji}$/v.test(emoji)) throw unknownEmoji();
    const there = this.of(message);
    const own = there.find(one => one.userId === botId && one.emoji === emoji);
    const event = {
      user_id: botId,
      channel_id: channelId,
      message_id: messageId,
      guild_id: guild.id,
      emoji: { id: null, name: emoji },
    };
    return { guild, bits, message, emoji, there, own, event };
  }
}
