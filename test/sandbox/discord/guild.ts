import { CHANNEL_TYPE, channelPayload, type FakeChannel } from './channel.ts';
import { type Member, memberPayload, type Role, rolePayload, type VoiceState } from './member.ts';
import {
  channelPermissions,
  PERMISSION,
  type PermissionOverwrite,
  serverPermissions,
  type Subject,
} from './permissions.ts';
import type { FakeUser } from './user.ts';

const { viewChannel, sendMessages, connect, speak } = PERMISSION;
const BOT_PERMISSIONS = viewChannel | sendMessages | connect | speak;
const PEOPLE_PERMISSIONS =
  BOT_PERMISSIONS | PERMISSION.readMessageHistory | PERMISSION.useVad | PERMISSION.useApplicationCommands;

interface GuildOptions {
  readonly name: string;
  readonly owner: FakeUser;
  readonly bot: FakeUser;
  readonly nextId: () => string;
  /** Tells the bot, if it is connected and knows this server. */
  readonly dispatch: (event: string, data: object) => void;
}

export interface NewVoiceChannel {
  readonly name?: string;
  readonly userLimit?: number;
  readonly permissionOverwrites?: readonly PermissionOverwrite[];
  readonly stage?: boolean;
}

/**
 * A server: one text and one voice channel to begin with, its owner and the bot. @everyone may do nothing, so
 * that `botPermissions` alone says what the bot may; people have a role of their own.
 */
export class FakeGuild {
  readonly id: string;
  readonly name: string;
  readonly owner: FakeUser;
  readonly joinedAt = new Date().toISOString();
  readonly channels = new Map<string, FakeChannel>();
  readonly members = new Map<string, Member>();
  readonly roles = new Map<string, Role>();
  readonly voiceStates = new Map<string, VoiceState>();
  readonly textChannel: FakeChannel;
  readonly voiceChannel: FakeChannel;
  readonly #options: GuildOptions;
  readonly #botRole: Role;
  readonly #peopleRole: Role;
  #announced = false;

  constructor(options: GuildOptions) {
    this.#options = options;
    this.id = options.nextId();
    this.name = options.name;
    this.owner = options.owner;
    this.#addRole(this.id, '@everyone', 0n);
    this.#botRole = this.#addRole(options.nextId(), options.bot.name, BOT_PERMISSIONS, true);
    this.#peopleRole = this.#addRole(options.nextId(), 'People', PEOPLE_PERMISSIONS);
    this.textChannel = this.addTextChannel();
    this.voiceChannel = this.addVoiceChannel({ name: 'Voice' });
    this.#seat(options.owner, this.#peopleRole);
    this.#seat(options.bot, this.#botRole);
    this.#announced = true;
  }

  /** Bits of the bot's role, as a decimal string. Setting it changes the role. */
  get botPermissions(): string {
    return this.#botRole.permissions;
  }

  set botPermissions(bits: string) {
    this.#botRole.permissions = bits;
    this.#tell('GUILD_ROLE_UPDATE', { guild_id: this.id, role: rolePayload(this.#botRole, 1) });
  }

  addTextChannel({
    name = 'general',
    permissionOverwrites = [],
  }: Omit<NewVoiceChannel, 'userLimit'> = {}): FakeChannel {
    return this.#addChannel({ type: CHANNEL_TYPE.text, name, userLimit: 0, permissionOverwrites });
  }

  addVoiceChannel(options: NewVoiceChannel = {}): FakeChannel {
    const { name = 'Voice', userLimit = 0, permissionOverwrites = [], stage = false } = options;
    const type = stage ? CHANNEL_TYPE.stage : CHANNEL_TYPE.voice;
    return this.#addChannel({ type, name, userLimit, permissionOverwrites });
  }

  /** Lets a user in; `permissions` (decimal bits) are added to what people may do here. */
  addMember(user: FakeUser, { permissions }: { permissions?: string } = {}): void {
    const extra = permissions
      ? [this.#addRole(this.#options.nextId(), `${user.name}’s`, BigInt(permissions))]
      : [];
    for (const role of extra)
      this.#tell('GUILD_ROLE_CREATE', { guild_id: this.id, role: rolePayload(role, 1) });
    const member = this.#seat(user, this.#peopleRole, ...extra);
    this.#tell('GUILD_MEMBER_ADD', { guild_id: this.id, ...memberPayload(member) });
  }

  /** The member of that id. Throws if there is none: a person who is not here can do nothing here. */
  member(userId: string): Member {
    const member = this.members.get(userId);
    if (!member)
      throw new Error(`user ${userId} is not a member of the server ${this.name}: use addMember()`);
    return member;
  }

  #subject(userId: string): Subject {
    const { roles } = this.member(userId);
    const held = [this.id, ...roles].map(id => this.roles.get(id)).filter(role => role !== undefined);
    return { userId, guildId: this.id, owner: userId === this.owner.id, roles: held };
  }

  /** What a member may do, in a channel or in the server at large. */
  permissionsOf(userId: string, channel?: FakeChannel): bigint {
    const subject = this.#subject(userId);
    return channel ? channelPermissions(subject, channel.permissionOverwrites) : serverPermissions(subject);
  }

  channelPayloads(): object[] {
    return [...this.channels.values()].map((channel, position) => channelPayload(channel, position));
  }

  rolePayloads(): object[] {
    return [...this.roles.values()].map((role, position) => rolePayload(role, position));
  }

  #addRole(id: string, name: string, permissions: bigint, managed = false): Role {
    const role: Role = { id, name, permissions: permissions.toString(), managed };
    this.roles.set(id, role);
    return role;
  }

  #addChannel(fields: Omit<FakeChannel, 'id' | 'guildId'>): FakeChannel {
    const channel: FakeChannel = { id: this.#options.nextId(), guildId: this.id, ...fields };
    this.channels.set(channel.id, channel);
    this.#tell('CHANNEL_CREATE', channelPayload(channel, this.channels.size - 1));
    return channel;
  }

  #seat(user: FakeUser, ...roles: Role[]): Member {
    const member: Member = { user, joinedAt: new Date().toISOString(), roles: roles.map(role => role.id) };
    this.members.set(user.id, member);
    return member;
  }

  #tell(event: string, data: object): void {
    if (this.#announced) this.#options.dispatch(event, data);
  }
}
