import type { FakeGuild, FakeUser } from '../sandbox/discord/discord.ts';
import type { Listener } from '../sandbox/discord/voice-api.ts';
import { linesHeard } from './heard.ts';
import { jsonFile, managedGuild } from './managed-guild.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

export interface ChatGuildOptions {
  readonly name: string;
  /** Manages the guild, and is in its voice channel. */
  readonly manager: FakeUser;
  /** Members who are in its voice channel too. */
  readonly listeners?: readonly FakeUser[];
  /** May mute members, and is not in its voice channel. */
  readonly moderator?: FakeUser;
  /** Members who are not in it either. */
  readonly others?: readonly FakeUser[];
  /** What the guild sets, besides that nobody's name is said. */
  readonly settings?: object;
  /** The commands that the manager uses then, one after another, such as `join`. */
  readonly commands?: readonly string[];
}

/**
 * Makes a guild with people in its voice channel, in which nobody's name is said; `listener` is what the manager hears.
 */
export async function chatGuild(
  { discord }: Stage,
  { name, manager, moderator, listeners = [], others = [], settings = {}, commands = [] }: ChatGuildOptions,
): Promise<{ guild: FakeGuild; listener: Listener }> {
  const guild = managedGuild(discord, {
    name,
    manager,
    ...(moderator && { moderator }),
    members: [...listeners, ...others],
  });
  const listener = await discord.join(manager, guild.voiceChannel);
  for (const user of listeners) await discord.join(user, guild.voiceChannel);
  const file = jsonFile({ announce: 'never', ...settings });
  await discord.command(manager, guild, 'settings import', file).reply();
  for (const command of commands) await discord.command(manager, guild, command).reply();
  return { guild, listener };
}

/** Waits until somebody has heard so many lines to their end, and returns their texts. */
export async function textsHeard(
  { fish }: Stage,
  listener: Listener,
  count: number,
  patienceMs: number,
): Promise<readonly string[]> {
  const heard = () => linesHeard(fish, [listener]).map(({ text }) => text);
  await until(`${count} lines`, () => heard().length >= count, patienceMs).catch((cause: unknown) => {
    throw new Error(`heard only: ${JSON.stringify(heard())}`, { cause });
  });
  return heard();
}
