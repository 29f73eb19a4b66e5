import type { FakeDiscord, FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import { PERMISSION } from '../sandbox/discord/permissions.ts';

const MANAGE_GUILD = String(1n << 5n);

export interface ManagedGuildOptions {
  readonly name: string;
  readonly locale?: string;
  /** Manages the guild. */
  readonly manager: FakeUser;
  /** May mute its members. */
  readonly moderator?: FakeUser;
  readonly members?: readonly FakeUser[];
}

/** Makes a guild with a manager and other members, nobody of whom is in a voice channel. */
export function managedGuild(
  discord: FakeDiscord,
  { name, locale, manager, moderator, members = [] }: ManagedGuildOptions,
): FakeGuild {
  const guild = discord.addGuild({ name, ...(locale && { locale }) });
  guild.addMember(manager, { permissions: MANAGE_GUILD });
  if (moderator) guild.addMember(moderator, { permissions: String(PERMISSION.muteMembers) });
  for (const user of members) guild.addMember(user);
  return guild;
}

/** The option of `/settings import` and `/dictionary import`: a file with this value as JSON. */
export function jsonFile(value: unknown): { file: { name: string; bytes: Buffer } } {
  return { file: { name: 'settings.json', bytes: Buffer.from(JSON.stringify(value)) } };
}
