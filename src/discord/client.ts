import {
  Client,
  GatewayIntentBits,
  type GuildMember,
  IntentsBitField,
  Options,
  SimpleShardingStrategy,
} from 'discord.js';

/** Members and users kept besides those in voice; their names come anew with each message. */
const MAX_MEMBERS = 100;
const MAX_USERS = 2_000;

/** Of `@discordjs/ws`, which discord.js has in its hands; its own class of that name is another. */
type ShardManager = ConstructorParameters<typeof SimpleShardingStrategy>[0];

const { Guilds, GuildMessages, GuildVoiceStates, MessageContent } = GatewayIntentBits;

/** A client, and what it has of the one intent that Discord may refuse. */
export interface GatewayClient {
  readonly client: Client;
  /** It asks for what people write (Discord, "Message Content Intent"). */
  readonly seesContent: boolean;
  /** From the next log-in on it does not: messages come without words, but for those that mention the bot. */
  goWithoutContent(): void;
}

/** A gateway client with the intents that joining and reading need, caching nothing that is not used. */
export function createClient(apiUrl: string): GatewayClient {
  let manager: ShardManager | undefined;
  let seesContent = true;
  const client = new Client({
    intents: [Guilds, GuildVoiceStates, GuildMessages, MessageContent],
    shards: 'auto',
    allowedMentions: { parse: [] },
    rest: { api: apiUrl },
    ws: {
      // The library's own strategy; this is where it hands out the manager that holds the intents.
      buildStrategy(built) {
        manager = built;
        return new SimpleShardingStrategy(built);
      },
    },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      GuildStickerManager: 0,
      GuildInviteManager: 0,
      GuildBanManager: 0,
      GuildMemberManager: { maxSize: MAX_MEMBERS, keepOverLimit: isNeeded },
      UserManager: { maxSize: MAX_USERS, keepOverLimit: user => user.id === user.client.user.id },
    }),
  });
  return {
    client,
    get seesContent() {
      return seesContent;
    },
    goWithoutContent() {
      seesContent = false;
      const intents = new IntentsBitField(client.options.intents).remove(MessageContent).freeze();
      client.options.intents = intents;
      if (manager) manager.options.intents = intents.bitfield;
    },
  };
}

/** The library finds its own voice state only while it knows its own member; those in voice are company. */
function isNeeded(member: GuildMember): boolean {
  return member.id === member.client.user.id || member.voice.channelId !== null;
}
