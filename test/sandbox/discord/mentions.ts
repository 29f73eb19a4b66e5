import type { FakeGuild } from './guild.ts';
import { isRecord, type JsonObject } from './json.ts';
import type { FakeUser } from './user.ts';

/** Whom a message names so that they are told. */
export interface Mentions {
  readonly users: readonly FakeUser[];
  /** Ids. */
  readonly roles: readonly string[];
  readonly everyone: boolean;
}

const NOBODY: Mentions = { users: [], roles: [], everyone: false };

/** Nothing is a mention in code. */
const CODE = /```[\s\S]*?```|`[^`\n]*`/gu;
const USER = /<@!?(\d+)>/gu;
const ROLE = /<@&(\d+)>/gu;
const EVERYONE = /@(?:everyone|here)\b/u;

/** Those whom the text names: members of the server, its roles, everyone. */
export function mentionsIn(content: string, guild: FakeGuild): Mentions {
  if (!content.includes('@')) return NOBODY;
  const text = content.replaceAll(CODE, ' ');
  const ids = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, id = '']) => id))];
  return {
    users: ids(USER).flatMap(id => guild.members.get(id)?.user ?? []),
    roles: ids(ROLE).filter(id => id !== guild.id && guild.roles.has(id)),
    everyone: EVERYONE.test(text),
  };
}

/** What stays of them if those without the permission Mention Everyone write. */
export function withoutMassMentions(mentions: Mentions): Mentions {
  return { users: mentions.users, roles: [], everyone: false };
}

/**
 * What `allowed_mentions` leaves of them. An answer to an interaction without it mentions users alone.
 * (Discord, "Message", Allowed Mentions.)
 */
export function allowed(mentions: Mentions, fields: JsonObject, byDefault: readonly string[]): Mentions {
  const rules = isRecord(fields['allowed_mentions'])
    ? fields['allowed_mentions']
    : { parse: byDefault, users: [], roles: [] };
  const has = (kind: string) => Array.isArray(rules['parse']) && rules['parse'].includes(kind);
  const names = (kind: 'users' | 'roles', id: string) =>
    has(kind) || (Array.isArray(rules[kind]) && rules[kind].includes(id));
  return {
    users: mentions.users.filter(({ id }) => names('users', id)),
    roles: mentions.roles.filter(id => names('roles', id)),
    everyone: mentions.everyone && has('everyone'),
  };
}
