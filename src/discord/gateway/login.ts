import { setTimeout as sleep } from 'node:timers/promises';
import { DiscordjsErrorCodes, GatewayCloseCodes } from 'discord.js';
import type { Logger } from '../../log.ts';
import type { GatewayClient } from './client.ts';

/** Discord unreachable at start: pauses between log-ins grow from the first to the last. */
const LOGIN_PAUSE_MS = 1_000;
const LOGIN_PAUSE_MAX_MS = 300_000;

/** Discord refused this bot in a way that only its operator can mend; `message` says how. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

const TOKEN_REFUSED =
  'Discord refused DISCORD_TOKEN: copy a fresh token from the Discord Developer Portal, page "Bot", and set it again.';
const INTENTS_REFUSED =
  'Discord refused the intents Guilds, GuildVoiceStates and GuildMessages: check the application in the Discord Developer Portal, page "Bot".';
const NO_CONTENT =
  'Discord does not let me see what people write, so I read no chat: open https://discord.com/developers/applications, choose the application, page "Bot", switch on "Message Content Intent", save, and restart me';

const REFUSALS: ReadonlyMap<number, string> = new Map([
  [GatewayCloseCodes.AuthenticationFailed, TOKEN_REFUSED],
  [GatewayCloseCodes.DisallowedIntents, INTENTS_REFUSED],
]);

/** Why the gateway will not have the bot back, by its close code; undefined where that is not the reason. */
export function refusalOf(closeCode: number): RefusedError | undefined {
  const text = REFUSALS.get(closeCode);
  return text === undefined ? undefined : new RefusedError(text);
}

/** Why a log-in failed for good, or undefined when it may be tried again. */
export function refusal(error: unknown): RefusedError | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  const message = error instanceof Error ? error.message : '';
  if (code === DiscordjsErrorCodes.TokenInvalid || status === 401 || message === 'Authentication failed')
    return refusalOf(GatewayCloseCodes.AuthenticationFailed);
  if (code === DiscordjsErrorCodes.DisallowedIntents || message === 'Used disallowed intents')
    return refusalOf(GatewayCloseCodes.DisallowedIntents);
  return undefined;
}

/**
 * Logs in, again and again while Discord is out of reach; refused the intent to see what people write, once more
 * without it. Throws RefusedError when trying again is no use.
 */
export async function login(
  gateway: GatewayClient,
  token: string,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  for (let pauseMs = LOGIN_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LOGIN_PAUSE_MAX_MS)) {
    try {
      await gateway.client.login(token);
      return;
    } catch (error) {
      const refused = refusal(error);
      if (refused && !mayGoWithoutContent(gateway, refused, log)) throw refused;
      if (!refused) log.warn({ err: error, pauseMs }, 'cannot log in to Discord, trying again');
    }
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

/** Gives up the intent that may be the reason for the refusal, and says what to click; once. */
export function mayGoWithoutContent(gateway: GatewayClient, refused: RefusedError, log: Logger): boolean {
  if (refused.message !== INTENTS_REFUSED || !gateway.seesContent) return false;
  gateway.goWithoutContent();
  log.warn(NO_CONTENT);
  return true;
}
