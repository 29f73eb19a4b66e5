/** An account. */
export interface FakeUser {
  readonly id: string;
  /** How people read it where they have no nick there: the global name. */
  readonly name: string;
  /** By default made of `name`; a bot's is that. */
  readonly username?: string;
  /** Has chosen no global name; then `username` is what people read. */
  readonly nameless?: boolean;
  readonly bot: boolean;
  /** The language of their client, such as `de`. */
  readonly locale: string;
}

type Named = Pick<FakeUser, 'id' | 'name' | 'bot' | 'username' | 'nameless'>;

/** The user object of the API. (Discord, "User".) */
export function userPayload({ id, name, bot, username, nameless = false }: Named): object {
  return {
    id,
    // Bots keep the names that they were given; people's usernames are lower case. (Discord, "Usernames".)
    username: username ?? (bot ? name : name.toLowerCase().replace(/[^a-z0-9_.]/gu, '_')),
    global_name: bot || nameless ? null : name,
    discriminator: bot ? '0001' : '0',
    avatar: null,
    avatar_decoration_data: null,
    banner: null,
    accent_color: null,
    collectibles: null,
    primary_guild: null,
    public_flags: 0,
    ...(bot && { bot: true }),
  };
}
