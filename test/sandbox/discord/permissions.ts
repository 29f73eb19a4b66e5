import type { FakeChannel } from './channel.ts';

/** Bits of the permissions that the sandbox knows. (Discord, "Permissions", Bitwise Permission Flags.) */
export const PERMISSION = {
  administrator: 1n << 3n,
  manageChannels: 1n << 4n,
  manageGuild: 1n << 5n,
  addReactions: 1n << 6n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  sendTtsMessages: 1n << 12n,
  manageMessages: 1n << 13n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  connect: 1n << 20n,
  speak: 1n << 21n,
  muteMembers: 1n << 22n,
  moveMembers: 1n << 24n,
  useVad: 1n << 25n,
  useApplicationCommands: 1n << 31n,
  requestToSpeak: 1n << 32n,
  sendMessagesInThreads: 1n << 38n,
  sendVoiceMessages: 1n << 46n,
  setVoiceChannelStatus: 1n << 48n,
  useExternalApps: 1n << 50n,
} as const;

/** Events after which members may do other things than before. */
export const CHANGES_PERMISSIONS: ReadonlySet<string> = new Set([
  'CHANNEL_UPDATE',
  'GUILD_MEMBER_UPDATE',
  'GUILD_ROLE_DELETE',
  'GUILD_ROLE_UPDATE',
]);

/** What it takes to write in a channel. */
export function writing(channel: FakeChannel): bigint {
  return channel.thread ? PERMISSION.sendMessagesInThreads : PERMISSION.sendMessages;
}

/** All bits that Discord has given out so far. */
const ALL = (1n << 53n) - 1n;

/** Of a role (type 0; the id of the server is @everyone's) or a member (type 1), in one channel. */
export interface PermissionOverwrite {
  readonly id: string;
  readonly type: 0 | 1;
  readonly allow: string;
  readonly deny: string;
}

export interface Subject {
  readonly userId: string;
  readonly guildId: string;
  readonly owner: boolean;
  /** Ids and bits of the member's roles, @everyone's among them. */
  readonly roles: readonly { readonly id: string; readonly permissions: string }[];
}

/** What a member may do in the server at large. (Discord, "Permissions", Permission Hierarchy.) */
export function serverPermissions({ owner, roles }: Subject): bigint {
  const sum = roles.reduce((bits, role) => bits | BigInt(role.permissions), 0n);
  return owner || (sum & PERMISSION.administrator) !== 0n ? ALL : sum;
}

function apply(bits: bigint, overwrites: readonly PermissionOverwrite[]): bigint {
  const deny = overwrites.reduce((sum, one) => sum | BigInt(one.deny), 0n);
  const allow = overwrites.reduce((sum, one) => sum | BigInt(one.allow), 0n);
  return (bits & ~deny) | allow;
}

/** What a member may do in one channel. Who cannot see a channel can do nothing in it. */
export function channelPermissions(subject: Subject, overwrites: readonly PermissionOverwrite[]): bigint {
  const base = serverPermissions(subject);
  if (base === ALL) return ALL;
  const everyone = overwrites.filter(one => one.id === subject.guildId);
  const roles = overwrites.filter(
    one => one.type === 0 && one.id !== subject.guildId && subject.roles.some(role => role.id === one.id),
  );
  const own = overwrites.filter(one => one.type === 1 && one.id === subject.userId);
  const bits = apply(apply(apply(base, everyone), roles), own);
  return (bits & PERMISSION.viewChannel) === 0n ? 0n : bits;
}
