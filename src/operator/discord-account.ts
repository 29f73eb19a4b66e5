import { type Asked, askServer, recordOf } from './ask.ts';
import { bad, type Finding, good } from './finding.ts';

// Checks of `npm run doctor` and of the setup about the bot's account at Discord: whether the token is accepted, and
// whether the bot may read messages. `gateway.ts` checks the connection by which Discord tells the bot what happens.

/** The pages on which developers administer their applications and bots. */
export const PORTAL = 'https://discord.com/developers/applications';

export interface DiscordAccess {
  /** The base of Discord's REST API, without the version, such as `https://discord.com/api`. */
  readonly apiUrl: string;
  readonly token: string;
  /** The version of this program. */
  readonly version: string;
}

/** What Discord answers to the questions about a bot. */
export interface DiscordAnswers {
  /** Get Current User (Discord, "User"). */
  readonly user: Asked;
  /** Get Current Bot Application Information (Discord, "OAuth2"). */
  readonly application: Asked;
  /** Get Gateway Bot (Discord, "Gateway"). */
  readonly gateway: Asked;
}

/** Asks Discord who the bot is, and what it may do. Rejects only with the signal's reason. */
export async function askDiscord(
  { apiUrl, token, version }: DiscordAccess,
  signal: AbortSignal,
): Promise<DiscordAnswers> {
  const headers = { authorization: `Bot ${token}`, ...userAgent(version) };
  const get = (path: string) => askServer(`${apiUrl}/v10${path}`, headers, signal);
  const [user, application, gateway] = await Promise.all([
    get('/users/@me'),
    get('/oauth2/applications/@me'),
    get('/gateway/bot'),
  ]);
  return { user, application, gateway };
}

/** Asks where the gateway is, which needs no token. Rejects only with the signal's reason. */
export function askGateway(
  { apiUrl, version }: Omit<DiscordAccess, 'token'>,
  signal: AbortSignal,
): Promise<Asked> {
  return askServer(`${apiUrl}/v10/gateway`, userAgent(version), signal);
}

/** Discord wants a User-Agent of this form (Discord, "Reference"). */
const userAgent = (version: string) => ({ 'user-agent': `DiscordBot (parrotfish, ${version})` });

/** Whether Discord refuses the token. */
export function refusesToken({ user }: DiscordAnswers): boolean {
  return user.kind === 'answered' && user.status === 401;
}

/** What the answers show about the bot's account. `apiUrl` is named where Discord does not answer. */
export function discordFindings(answers: DiscordAnswers, apiUrl: string): Finding[] {
  const { user, application } = answers;
  if (refusesToken(answers))
    return [
      bad(
        'Bot token',
        'Discord refuses DISCORD_TOKEN',
        `open ${PORTAL}, choose the application, page "Bot", press "Reset Token", and give the new one to \`npm run setup\``,
      ),
    ];
  const trouble = troubleOf(user, apiUrl) ?? troubleOf(application, apiUrl);
  if (trouble) return [trouble];
  const { username } = recordOf(user);
  const app = recordOf(application);
  return [
    good('Bot token', `Discord knows the bot as ${String(username)} (${String(app['id'])})`),
    contentFinding(app),
    ...(app['bot_require_code_grant'] === true ? [codeGrantFinding(app)] : []),
  ];
}

/** Discord does not answer; `why` says so in words. */
export function silenceFinding(why: string, apiUrl: string): Finding {
  return bad(
    'Discord',
    `${apiUrl} cannot be reached: ${why}`,
    'check the connection to the internet, the firewall, and DISCORD_API_URL if it is set',
  );
}

/** What is wrong with an answer, if anything is. */
function troubleOf(asked: Asked, apiUrl: string): Finding | null {
  if (asked.kind === 'silent') return silenceFinding(asked.why, apiUrl);
  const { status } = asked;
  if (status === 200 && typeof recordOf(asked)['id'] === 'string') return null;
  if (status === 429)
    return bad(
      'Discord',
      'it has had too many requests from here (HTTP 429)',
      'wait some minutes, then try again',
    );
  if (status >= 500)
    return bad(
      'Discord',
      `it is not well (HTTP ${status})`,
      'look at https://discordstatus.com, and try again later',
    );
  return bad(
    'Discord',
    `what answers at ${apiUrl} is not Discord's API (HTTP ${status})`,
    'check DISCORD_API_URL if it is set; a proxy or a log-in page of the network may have answered',
  );
}

/**
 * Flags of an application by which the intent is allowed: GATEWAY_MESSAGE_CONTENT, for verified bots, and
 * GATEWAY_MESSAGE_CONTENT_LIMITED, for all others (Discord, "Application", Application Flags).
 */
const MESSAGE_CONTENT = (1 << 18) | (1 << 19);

function contentFinding({ id, flags }: Readonly<Record<string, unknown>>): Finding {
  const thing = 'Message Content Intent';
  if (typeof flags === 'number' && (flags & MESSAGE_CONTENT) !== 0) return good(thing, 'is on');
  return bad(
    thing,
    'is off, so the bot reads no chat; /say works',
    `open ${PORTAL}/${String(id)}/bot, switch on "Message Content Intent" under "Privileged Gateway Intents", and save`,
  );
}

function codeGrantFinding({ id }: Readonly<Record<string, unknown>>): Finding {
  return bad(
    'Invitation',
    'the bot requires an OAuth2 code grant, so nobody can invite it by a link',
    `open ${PORTAL}/${String(id)}/bot, switch off "Requires OAuth2 Code Grant", and save`,
  );
}

/** The id of the application, for its invitation; null where Discord has not told it. */
export function applicationId({ application }: DiscordAnswers): string | null {
  const { id } = recordOf(application);
  return typeof id === 'string' && /^\d{1,20}$/.test(id) ? id : null;
}
