import { CHANNEL_TYPE, channelPayload, type FakeChannel } from './channel.ts';
import { guildFields } from './guild-create.ts';
import { type GuildOptions, GuildPeople } from './guild-people.ts';
import type { VoiceState } from './member.ts';
import type { PermissionOverwrite } from './permissions.ts';
import { type FakeUser, userPayload } from './user.ts';

export interface NewVoiceChannel {
  readonly name?: string;
  readonly userLimit?: number;
  readonly permissionOverwrites?: readonly PermissionOverwrite[];
  readonly stage?: boolean;
}

type ChannelFields = Omit<FakeChannel, 'id' | 'guildId' | 'permissionOverwrites'> & {
  readonly permissionOverwrites?: readonly PermissionOverwrite[];
};

interface FakeGuildOptions extends GuildOptions {
  /** Somebody has to leave voice, with that close code. */
  readonly onOut: (guild: FakeGuild, userId: string, code: number) => void;
  /** The people of a conversation outside servers: see `direct`. */
  readonly direct?: readonly FakeUser[];
}

/** (Discord, "Opcodes and Status Codes", Voice Close Event Codes): disconnected; the call is over. */
const VOICE_KICKED = 4014;
const VOICE_CALL_OVER = 4022;

/** A server: one text, one voice and one system channel to begin with, its owner and the bot. */
export class FakeGuild extends GuildPeople {
  readonly name: string;
  readonly channels = new Map<string, FakeChannel>();
  readonly voiceStates = new Map<string, VoiceState>();
  readonly textChannel: FakeChannel;
  readonly voiceChannel: FakeChannel;
  /**
   * Where Discord itself tells of newcomers: a channel of its own, so that what a bot says there to greet the server
   * stands beside nothing else. The bot learns of it with the server: another one has to be set before it is invited.
   */
  systemChannel: FakeChannel | null;
  /** False while Discord has an outage of this server: see `setAvailable()` of Discord. */
  available = true;
  /** No server at all but a conversation, which is `textChannel`: the rest of a server is never told or shown. */
  readonly direct: boolean;
  readonly #overwrites = new Map<string, readonly PermissionOverwrite[]>();
  readonly #onOut: FakeGuildOptions['onOut'];
  #locale: string;

  constructor(options: FakeGuildOptions) {
    super(options);
    this.name = options.name;
    this.#locale = options.locale;
    this.#onOut = options.onOut;
    const { direct } = options;
    this.direct = direct !== undefined;
    this.textChannel = this.#newChannel(
      direct ? conversation(direct) : { type: CHANNEL_TYPE.text, name: 'general', userLimit: 0 },
    );
    this.voiceChannel = this.#newChannel({ type: CHANNEL_TYPE.voice, name: 'Voice', userLimit: 0 });
    this.systemChannel = direct
      ? null
      : this.#newChannel({ type: CHANNEL_TYPE.text, name: 'welcome', userLimit: 0 });
  }

  /** The server's language. Setting it tells the bot. */
  get locale(): string {
    return this.#locale;
  }

  set locale(locale: string) {
    this.#locale = locale;
    this.tell('GUILD_UPDATE', guildFields(this));
  }

  addTextChannel(options: Omit<NewVoiceChannel, 'userLimit' | 'stage'> = {}): FakeChannel {
    return this.#addChannel({ type: CHANNEL_TYPE.text, name: 'general', userLimit: 0, ...options });
  }

  addVoiceChannel({ stage = false, ...options }: NewVoiceChannel = {}): FakeChannel {
    const type = stage ? CHANNEL_TYPE.stage : CHANNEL_TYPE.voice;
    return this.#addChannel({ type, name: 'Voice', userLimit: 0, ...options });
  }

  /** A thread in a text channel, begun by the owner; a private one, to which the bot was added, if asked for. */
  addThread(
    parent: FakeChannel,
    { name = 'thread', isPrivate = false }: { name?: string; isPrivate?: boolean } = {},
  ): FakeChannel {
    if (parent.type !== CHANNEL_TYPE.text) throw new Error('threads are in text channels');
    const thread = { parentId: parent.id, ownerId: this.owner.id, at: new Date().toISOString() };
    const type = isPrivate ? CHANNEL_TYPE.privateThread : CHANNEL_TYPE.thread;
    const channel = this.#newChannel({ type, name, userLimit: 0, thread });
    this.tell('THREAD_CREATE', { ...channelPayload(channel), newly_created: true });
    return channel;
  }

  /** Who is in it leaves voice; its threads go with it. */
  deleteChannel(channel: FakeChannel): void {
    this.channels.delete(channel.id);
    for (const inner of this.channels.values())
      if (inner.thread?.parentId === channel.id) this.channels.delete(inner.id);
    const { id, type, thread } = channel;
    if (thread) this.tell('THREAD_DELETE', { id, guild_id: this.id, parent_id: thread.parentId, type });
    else this.tell('CHANNEL_DELETE', channelPayload(channel));
    for (const { userId, channelId } of this.voiceStates.values())
      if (channelId === channel.id) this.#onOut(this, userId, VOICE_CALL_OVER);
  }

  /** Other permissions in one channel, and in its threads. */
  setOverwrites(channel: FakeChannel, overwrites: readonly PermissionOverwrite[]): void {
    if (channel.thread) throw new Error('a thread has the permissions of its channel');
    this.#overwrites.set(channel.id, overwrites);
    this.tell('CHANNEL_UPDATE', channelPayload(channel));
  }

  /** A person leaves the server, or is made to. For the bot there is `removeBot()` of Discord. */
  removeMember(user: FakeUser): void {
    this.member(user.id);
    if (user.id === this.options.bot.id) throw new Error('use removeBot() of the Discord');
    this.unseat(user);
    this.tell('GUILD_MEMBER_REMOVE', { guild_id: this.id, user: userPayload(user) });
  }

  /** Takes a member's seat and place in voice. */
  unseat(user: FakeUser): void {
    if (this.voiceStates.has(user.id)) this.#onOut(this, user.id, VOICE_KICKED);
    this.members.delete(user.id);
  }

  channelPayloads(): object[] {
    const channels = [...this.channels.values()].filter(({ thread }) => !thread);
    return channels.map((channel, position) => channelPayload(channel, position));
  }

  threadPayloads(): object[] {
    return [...this.channels.values()].filter(({ thread }) => thread).map(channel => channelPayload(channel));
  }

  #newChannel({ permissionOverwrites = [], ...fields }: ChannelFields): FakeChannel {
    const id = this.options.nextId();
    const overwrites = this.#overwrites;
    overwrites.set(id, permissionOverwrites);
    const channel: FakeChannel = {
      id,
      guildId: this.id,
      ...fields,
      get permissionOverwrites() {
        return overwrites.get(fields.thread?.parentId ?? id) ?? [];
      },
    };
    this.channels.set(id, channel);
    return channel;
  }

  #addChannel(fields: ChannelFields): FakeChannel {
    const channel = this.#newChannel(fields);
    this.tell('CHANNEL_CREATE', channelPayload(channel, this.channels.size - 1));
    return channel;
  }
}

/** (Discord, "Channel": two have a DM, more a group; whose name is made of theirs.) */
function conversation(people: readonly FakeUser[]): ChannelFields {
  const [, ...recipients] = people;
  const type = people.length > 2 ? CHANNEL_TYPE.groupDm : CHANNEL_TYPE.dm;
  return { type, name: people.map(({ name }) => name).join(', '), userLimit: 0, recipients };
}
