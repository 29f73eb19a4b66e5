import type { FakeChannel } from './channel.ts';
import type { FakeGuild } from './guild.ts';
import { type JsonObject, recordsOf } from './json.ts';
import { PERMISSION } from './permissions.ts';
import { isVisitor, type Owners, ownersFor } from './place.ts';
import type { FakeUser } from './user.ts';

/** (Discord, "Application Commands", Application Command Types.) */
export const COMMAND_TYPE = { chat: 1, user: 2, message: 3 } as const;

export interface CommandUser {
  readonly user: FakeUser;
  readonly guild: FakeGuild;
  readonly channel: FakeChannel;
  /** An administrator has given them the command in the server's Integrations, whatever permissions it asks for. */
  readonly force: boolean;
  /** What kind of place it is. */
  readonly context: number;
  /** The installations by which they have the app there. */
  readonly owners: Owners;
}

const excludes = (list: unknown, one: number) => Array.isArray(list) && !list.includes(one);

/** The registered command of that name and type. Throws where that person does not see it in Discord's client. */
export function commandFor(
  registered: readonly object[],
  { name, type }: { name: string; type: number },
  { user, guild, channel, force, context, owners }: CommandUser,
): JsonObject {
  const shown = type === COMMAND_TYPE.chat ? `/${name}` : `the menu item "${name}"`;
  const command = recordsOf(registered).find(one => one['name'] === name && (one['type'] ?? 1) === type);
  if (!command) throw new Error(`no command /${name} is registered: nobody sees ${shown}`);
  const unseen = (why: string) => new Error(`${user.name} does not see ${shown}: ${why}`);
  if (excludes(command['contexts'], context))
    throw unseen(guild.direct ? 'it is not for conversations' : 'it is not for servers');
  if (Object.keys(ownersFor(command['integration_types'], owners)).length === 0)
    throw unseen(isVisitor(owners) ? 'it is not for apps of a person' : 'it is not for apps of a server');
  if (command['nsfw'] === true) throw unseen('the channel is not age-restricted');
  if (guild.direct) return command;
  const bits = guild.permissionsOf(user.id, channel);
  if ((bits & PERMISSION.useApplicationCommands) === 0n) throw unseen('they may not use commands there');
  const asked = command['default_member_permissions'];
  if (typeof asked !== 'string' || force) return command;
  const needed = asked === '0' ? PERMISSION.administrator : BigInt(asked);
  if ((bits & needed) !== needed) throw unseen(`it is for those with permissions ${asked}`);
  return command;
}
