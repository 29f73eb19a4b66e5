/** An account. */
export interface FakeUser {
  readonly id: string;
  readonly name: string;
  readonly bot: boolean;
}

/** The user object of the API. (Discord, "User".) */
export function userPayload({ id, name, bot }: FakeUser): object {
  return {
    id,
    username: name.toLowerCase().replace(/[^a-z0-9_.]/gu, '_'),
    global_name: bot ? null : name,
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
