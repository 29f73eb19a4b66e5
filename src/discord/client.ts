import { setTimeout as sleep } from 'node:timers/promises';
import {
  Client,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  OAuth2Scopes,
  Options,
  PermissionFlagsBits,
} from 'discord.js';
import type { Logger } from '../log.ts';
import type { CommandContext } from './command.ts';
import { dispatch } from './dispatch.ts';
import { registerCommands } from './register.ts';

/** What the bot asks for when it is invited: to see channels, answer in them, and speak. */
const INVITE_PERMISSIONS = [
  PermissionFlagsBits.ViewChannel,
  PermissionFlagsBits.SendMessages,
  PermissionFlagsBits.Connect,
  PermissionFlagsBits.Speak,
];

/** Discord unreachable at start: pauses between log-ins grow from the first to the last. */
const LOGIN_PAUSE_MS = 1_000;
const LOGIN_PAUSE_MAX_MS = 300_000;

/** The gateway may deliver an event twice, after a resume: an interaction is answered once. */
const REPLAY_MS = 600_000;

/** Discord refused this bot in a way that only its operator can mend; `message` says how. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

const TOKEN_REFUSED =
  'Discord refused DISCORD_TOKEN: copy a fresh token from the Discord Developer Portal, page "Bot", and set it again.';
const INTENTS_REFUSED =
  'Discord refused the intents Guilds and GuildVoiceStates: check the application in the Discord Developer Portal, page "Bot".';

/** Close codes of the gateway after which it is no use to come back. */
const REFUSALS = new Map<number, string>([
  [GatewayCloseCodes.AuthenticationFailed, TOKEN_REFUSED],
  [GatewayCloseCodes.DisallowedIntents, INTENTS_REFUSED],
]);

/** A gateway client with the two intents that joining voice needs, caching nothing that is not used. */
export function createClient(apiUrl: string): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
    shards: 'auto',
    allowedMentions: { parse: [] },
    rest: { api: apiUrl },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      GuildStickerManager: 0,
      GuildInviteManager: 0,
      GuildBanManager: 0,
    }),
  });
}

/** Why a log-in failed for good, or null when it may be tried again. */
function refusal(error: unknown): RefusedError | null {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  const message = error instanceof Error ? error.message : '';
  if (code === DiscordjsErrorCodes.TokenInvalid || status === 401 || message === 'Authentication failed')
    return new RefusedError(TOKEN_REFUSED);
  if (code === DiscordjsErrorCodes.DisallowedIntents || message === 'Used disallowed intents')
    return new RefusedError(INTENTS_REFUSED);
  return null;
}

/** Logs in, again and again while Discord is out of reach. Throws RefusedError when trying again is no use. */
export async function login(client: Client, token: string, log: Logger, signal: AbortSignal): Promise<void> {
  for (let pauseMs = LOGIN_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LOGIN_PAUSE_MAX_MS)) {
    try {
      await client.login(token);
      return;
    } catch (error) {
      const refused = refusal(error);
      if (refused) throw refused;
      log.warn({ err: error, pauseMs }, 'cannot log in to Discord, trying again');
    }
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

/** Connects the client's events to the sessions and commands. `onRefused` and `onLost` (a final close code) end the process. */
export function wire(
  client: Client,
  context: CommandContext,
  sessions: { get(guildId: string): { companyChanged(): void } | undefined },
  onRefused: (error: RefusedError) => void,
  onLost: (code: number) => void,
  log: Logger,
): void {
  const seen = new Set<string>();
  const byName = new Map(context.commands.map(command => [command.data.name, command]));

  client.on(Events.InteractionCreate, use => {
    if (!use.isChatInputCommand() || !use.inCachedGuild() || seen.has(use.id)) return;
    seen.add(use.id);
    setTimeout(() => seen.delete(use.id), REPLAY_MS).unref();
    const command = byName.get(use.commandName);
    if (command) void dispatch(command, use, context, log);
  });

  // After an outage the voice states are simply there anew, without an event for each.
  client.on(Events.GuildAvailable, guild => sessions.get(guild.id)?.companyChanged());

  client.on(Events.VoiceStateUpdate, (before, after) => {
    const session = sessions.get(after.guild.id);
    if (session && before.channelId !== after.channelId) session.companyChanged();
  });

  client.once(Events.ClientReady, ready => {
    log.info({ guilds: ready.guilds.cache.size, shards: ready.ws.shards.size }, 'connected to Discord');
    if (ready.guilds.cache.size === 0) {
      const invite = ready.generateInvite({
        scopes: [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands],
        permissions: INVITE_PERMISSIONS,
      });
      log.info({ invite }, 'in no server yet: open this link to invite the bot');
    }
    registerCommands(ready.rest, ready.application.id, context.commands).then(
      changed => log.info({ changed }, 'commands registered'),
      (error: unknown) => log.error({ err: error }, 'commands not registered'),
    );
  });

  client.on(Events.ShardDisconnect, ({ code }) => {
    const text = REFUSALS.get(code);
    if (text) onRefused(new RefusedError(text));
    else onLost(code); // the library comes back by itself from all others
  });
  client.on(Events.ShardError, error => {
    if (!refusal(error)) log.warn({ err: error }, 'gateway error');
  });
  client.on(Events.Error, error => log.error({ err: error }, 'Discord client error'));
}
