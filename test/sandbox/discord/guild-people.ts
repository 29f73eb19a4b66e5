import { type FakeChannel, isVoice } from './channel.ts';
import { type Member, memberPayload, type Role, rolePayload } from './member.ts';
import { channelPermissions, PERMISSION, type Subject, serverPermissions } from './permissions.ts';
import type { FakeUser } from './user.ts';

const { viewChannel, sendMessages, connect, speak } = PERMISSION;
const BOT_PERMISSIONS = viewChannel | sendMessages | connect | speak;
const PEOPLE_PERMISSIONS =
  BOT_PERMISSIONS |
  PERMISSION.sendMessagesInThreads |
  PERMISSION.sendTtsMessages |
  PERMISSION.attachFiles |
  PERMISSION.readMessageHistory |
  PERMISSION.mentionEveryone |
  PERMISSION.useVad |
  PERMISSION.sendVoiceMessages |
  PERMISSION.useExternalApps |
  PERMISSION.useApplicationCommands;

export interface GuildOptions {
  readonly name: string;
  readonly owner: FakeUser;
  readonly bot: FakeUser;
  /** The server's language, such as `ja`. */
  readonly locale: string;
  readonly nextId: () => string;
  /** By default the bot is let in. */
  readonly withBot?: boolean;
  /** Tells the bot, if it is connected and knows this server. */
  readonly dispatch: (event: string, data: object) => void;
}

/**
 * Members and roles of a server. @everyone may do nothing, so that `botPermissions` alone says what the bot may;
 * people have a role of their own.
 */
export class GuildPeople {
  readonly id: string;
  readonly owner: FakeUser;
  readonly members = new Map<string, Member>();
  readonly roles = new Map<string, Role>();
  protected readonly options: GuildOptions;
  readonly #botRole: Role;
  readonly #peopleRole: Role;

  constructor(options: GuildOptions) {
    this.options = options;
    this.id = options.nextId();
    this.owner = options.owner;
    this.#newRole(this.id, '@everyone', 0n);
    const { id: botId, name } = options.bot;
    this.#botRole = this.#newRole(options.nextId(), name, BOT_PERMISSIONS, { managed: true, botId });
    this.#peopleRole = this.#newRole(options.nextId(), 'People', PEOPLE_PERMISSIONS);
    this.#seat(options.owner, []);
    if (options.withBot !== false) this.seatBot();
  }

  /** Bits of the bot's role, as a decimal string. Setting it changes the role. */
  get botPermissions(): string {
    return this.#botRole.permissions;
  }

  set botPermissions(bits: string) {
    this.setRolePermissions(this.#botRole, bits);
  }

  /** Bits of the role that all people have. Setting it changes the role. */
  get peoplePermissions(): string {
    return this.#peopleRole.permissions;
  }

  set peoplePermissions(bits: string) {
    this.setRolePermissions(this.#peopleRole, bits);
  }

  /** The bot is let in, with its role as it was. */
  seatBot(): void {
    this.#seat(this.options.bot, []);
  }

  /**
   * Lets a user in; `permissions` (decimal bits) are added to what people may do here. A bot gets them as a role of its
   * own, which is marked as such.
   */
  addMember(user: FakeUser, { permissions, nick }: { permissions?: string; nick?: string } = {}): void {
    const botId = user.bot ? user.id : undefined;
    const name = user.bot ? user.name : `${user.name}’s`;
    const extra = permissions ? [this.addRole(name, { permissions, botId })] : [];
    const member = this.#seat(user, extra, nick);
    this.tell('GUILD_MEMBER_ADD', { guild_id: this.id, ...memberPayload(member) });
  }

  /** The member of that id. Throws if there is none: a person who is not here can do nothing here. */
  member(userId: string): Member {
    const member = this.members.get(userId);
    if (!member)
      throw new Error(`user ${userId} is not a member of the server ${this.options.name}: use addMember()`);
    return member;
  }

  /** A new role; nobody has it yet. */
  addRole(
    name: string,
    {
      permissions = '0',
      mentionable = false,
      botId,
    }: { permissions?: string; mentionable?: boolean; botId?: string | undefined } = {},
  ): Role {
    const kind = { managed: botId !== undefined, mentionable, botId };
    const role = this.#newRole(this.options.nextId(), name, BigInt(permissions), kind);
    this.tell('GUILD_ROLE_CREATE', { guild_id: this.id, role: rolePayload(role, 1) });
    return role;
  }

  setRolePermissions(role: Role, bits: string): void {
    role.permissions = bits;
    this.tell('GUILD_ROLE_UPDATE', { guild_id: this.id, role: rolePayload(role, 1) });
  }

  deleteRole(role: Role): void {
    this.roles.delete(role.id);
    this.tell('GUILD_ROLE_DELETE', { guild_id: this.id, role_id: role.id });
    for (const member of this.members.values())
      if (member.roles.includes(role.id))
        this.#change({ ...member, roles: member.roles.filter(id => id !== role.id) });
  }

  /** Gives a member these roles, and none else but the one that all people, or the bot, have. */
  setRoles(user: FakeUser, roles: readonly Role[]): void {
    this.#change({ ...this.member(user.id), roles: this.#rolesOf(user, roles) });
  }

  /** A member's name in this server; null for none. */
  setNick(user: FakeUser, nick: string | null): void {
    this.#change({ ...this.member(user.id), nick });
  }

  /** A moderator mutes a member in voice, or no longer. See `mute()` of Discord, which tells of it. */
  setMute(userId: string, mute: boolean): void {
    this.members.set(userId, { ...this.member(userId), mute });
  }

  /** What a member may do, in a channel or in the server at large. */
  permissionsOf(userId: string, channel?: FakeChannel): bigint {
    const { roles } = this.member(userId);
    const held = [this.id, ...roles].map(id => this.roles.get(id)).filter(role => role !== undefined);
    const subject: Subject = { userId, guildId: this.id, owner: userId === this.owner.id, roles: held };
    return channel ? channelPermissions(subject, channel.permissionOverwrites) : serverPermissions(subject);
  }

  /** Whether a member may read what is written in a channel; a voice channel's chat is for those who may join it. */
  mayRead(userId: string, channel: FakeChannel): boolean {
    if (!this.members.has(userId)) return false;
    const needed = PERMISSION.viewChannel | (isVoice(channel) ? PERMISSION.connect : 0n);
    return (this.permissionsOf(userId, channel) & needed) === needed;
  }

  rolePayloads(): object[] {
    return [...this.roles.values()].map((role, position) => rolePayload(role, position));
  }

  protected tell(event: string, data: object): void {
    this.options.dispatch(event, data);
  }

  #newRole(
    id: string,
    name: string,
    permissions: bigint,
    { managed = false, mentionable = false, botId }: Partial<Role> = {},
  ): Role {
    const role: Role = { id, name, permissions: permissions.toString(), managed, mentionable, botId };
    this.roles.set(id, role);
    return role;
  }

  #rolesOf(user: FakeUser, roles: readonly Role[]): string[] {
    const own = user.id === this.options.bot.id ? this.#botRole : this.#peopleRole;
    return [own, ...roles].map(({ id }) => id);
  }

  #seat(user: FakeUser, roles: readonly Role[], nick: string | null = null): Member {
    const joinedAt = new Date().toISOString();
    const member: Member = { user, joinedAt, roles: this.#rolesOf(user, roles), nick, mute: false };
    this.members.set(user.id, member);
    return member;
  }

  #change(member: Member): void {
    this.members.set(member.user.id, member);
    this.tell('GUILD_MEMBER_UPDATE', { guild_id: this.id, ...memberPayload(member) });
  }
}
