import type { FakeGuild } from './guild.ts';
import type { FakeUser } from './user.ts';

/** (Discord, "Receiving and Responding", Interaction Context Types.) */
const CONTEXT = { server: 0, botDm: 1, people: 2 } as const;
/** (Discord, "Application", Application Integration Types.) */
const INSTALL = { server: 0, user: 1 } as const;
/** A guild id in the conversation with the bot. */
const NO_SERVER = '0';

/** By which installation an interaction came: 0 is the server's, with its id, 1 the person's, with theirs. */
export type Owners = Readonly<Record<string, string>>;

/** What an app may use at the place of an interaction where it is only by a person's installation. */
export const VISITOR_PERMISSIONS = '442368'; // embed links, attach files, mention everyone, external emojis

/** Which kind of place it is: a server, the conversation of somebody with the bot, or one of people. */
export function contextOf(guild: FakeGuild, botId: string): number {
  if (!guild.direct) return CONTEXT.server;
  return guild.members.has(botId) ? CONTEXT.botDm : CONTEXT.people;
}

/** The installations by which `user` has the app at this place. */
export function ownersAt(
  guild: FakeGuild,
  user: FakeUser,
  { botId, installs }: { botId: string; installs: ReadonlySet<string> },
): Owners {
  return {
    ...(guild.members.has(botId) && { [INSTALL.server]: guild.direct ? NO_SERVER : guild.id }),
    ...(installs.has(user.id) && { [INSTALL.user]: user.id }),
  };
}

/** Those of them by which a command may be used. `types` are its `integration_types`. */
export function ownersFor(types: unknown, owners: Owners): Owners {
  if (!Array.isArray(types)) return owners;
  return Object.fromEntries(Object.entries(owners).filter(([type]) => types.includes(Number(type))));
}

/** The app is there by the person's installation alone. */
export function isVisitor(owners: Owners): boolean {
  return !(INSTALL.server in owners);
}
