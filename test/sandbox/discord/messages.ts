import { keepNewest } from '../keep-newest.ts';
import type { FakeChannel } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import type { Happenings } from './happenings.ts';
import { isEphemeral, type Message } from './message.ts';
import { messageEvent } from './message-event.ts';

/** The oldest messages are lost beyond so many, so that the sandbox can run for days. */
const KEPT = 10_000;
/** So many stay when a run of hours forgets what is long ago. */
const KEPT_AFTER_FORGETTING = 500;

interface MessagesOptions {
  readonly botId: string;
  readonly guilds: ReadonlyMap<string, FakeGuild>;
  readonly dispatch: (guildId: string, event: string, data: object) => void;
  readonly happenings: Happenings;
}

/** The messages, up to a bound; tells the bot of those that it may read. */
export class Messages {
  readonly #options: MessagesOptions;
  readonly #byId = new Map<string, Message>();

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  /** The message of that id as it is now. */
  get(id: string): Message | undefined {
    return this.#byId.get(id);
  }

  /** Those in a channel that everybody sees, oldest first. */
  in(channelId: string): Message[] {
    return [...this.#byId.values()].filter(one => one.channelId === channelId && !isEphemeral(one));
  }

  /** A new message, told `times` times: Discord promises at-least-once after a resume. */
  add(message: Message, times = 1): Message {
    this.#byId.set(message.id, message);
    keepNewest(this.#byId, KEPT);
    this.#options.happenings.emit('message', message);
    for (let told = 0; told < times; told += 1) this.#tell('MESSAGE_CREATE', message);
    return message;
  }

  /** Drops all but the newest. Nobody deletes the others: the bot is told of nothing. */
  forget(): void {
    keepNewest(this.#byId, KEPT_AFTER_FORGETTING);
  }

  /** Tells of a message once more. */
  tellAgain(id: string): void {
    const message = this.#byId.get(id);
    if (message) this.#tell('MESSAGE_CREATE', message);
  }

  /** A message that has changed. */
  change(message: Message): Message {
    this.#byId.set(message.id, message);
    this.#options.happenings.emit('message', message);
    this.#tell('MESSAGE_UPDATE', message);
    return message;
  }

  delete({ id }: Message): void {
    const message = this.#byId.get(id);
    if (!message) return;
    this.#byId.delete(id);
    this.#options.happenings.emit('gone', [id]);
    this.#tell('MESSAGE_DELETE', message);
  }

  /** Several of one channel at once, as a moderator or another bot does. */
  deleteMany(messages: readonly Message[]): void {
    const [first] = messages;
    if (messages.some(({ channelId }) => channelId !== first?.channelId))
      throw new Error('messages of several channels are not deleted at once');
    const there = messages.filter(({ id }) => this.#byId.delete(id));
    this.#options.happenings.emit(
      'gone',
      there.map(({ id }) => id),
    );
    const { guild, channel } = this.#told(first) ?? {};
    if (!guild || !channel || there.length === 0) return;
    const gone = { ids: there.map(({ id }) => id), channel_id: channel.id, guild_id: guild.id };
    this.#options.dispatch(guild.id, 'MESSAGE_DELETE_BULK', gone);
  }

  #tell(event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE' | 'MESSAGE_DELETE', message: Message): void {
    const { guild, channel } = this.#told(message) ?? {};
    if (!guild || !channel) return;
    const gone = { id: message.id, channel_id: channel.id, guild_id: guild.id };
    this.#options.dispatch(guild.id, event, event === 'MESSAGE_DELETE' ? gone : messageEvent(message, guild));
  }

  /** Where a message stands, if the bot is told of it. */
  #told(message: Message | undefined): { guild: FakeGuild; channel: FakeChannel } | null {
    const { botId, guilds } = this.#options;
    const guild = message && guilds.get(message.guildId);
    const channel = message && guild?.channels.get(message.channelId);
    if (!message || isEphemeral(message) || !guild || !channel || !guild.mayRead(botId, channel)) return null;
    return { guild, channel };
  }
}
