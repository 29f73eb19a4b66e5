import { randomBytes } from 'node:crypto';
import type { FakeUser } from './user.ts';

export interface NewUser {
  readonly bot?: boolean;
  /** Of an account that is known everywhere by its id. */
  readonly id?: string;
  /** The language of their client, by default `en-US`. */
  readonly locale?: string;
  readonly username?: string;
  /** Without a global name, so that people read the `username`. */
  readonly nameless?: boolean;
}

/** Everybody who has an account, and the webhooks. */
export class Accounts {
  readonly users = new Map<string, FakeUser>();
  readonly #webhooks = new Map<string, string>();
  readonly #nextId: () => string;

  constructor(nextId: () => string) {
    this.#nextId = nextId;
  }

  add(name: string, { bot = false, locale = 'en-US', ...names }: NewUser = {}): FakeUser {
    const user: FakeUser = { id: this.#nextId(), name, bot, locale, ...names };
    this.users.set(user.id, user);
    return user;
  }

  /** Id of the webhook of that name in a server. */
  webhookId(guildId: string, name: string): string {
    const key = `${guildId} ${name}`;
    const id = this.#webhooks.get(key) ?? this.#nextId();
    this.#webhooks.set(key, id);
    return id;
  }
}

/** A new token of a bot, in the form that Discord gives them. */
export function botToken({ id }: Pick<FakeUser, 'id'>): string {
  const parts = [Buffer.from(id), randomBytes(4), randomBytes(28)];
  return parts.map(part => part.toString('base64url')).join('.');
}
