import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, DiscordjsErrorCodes, GatewayCloseCodes } from 'discord.js';
import { errorCode } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import type { GatewayClient } from './client.ts';

// Logs in to Discord, and tries again while it cannot be reached. When Discord refuses the bot's token, or the kinds of
// events for which it asks (the intents), the operator is told in the words of this file what to click.

/** While Discord cannot be reached, the pauses between log-ins double from the first of these to the second. */
const LOGIN_PAUSE_MS = 1_000;
const LOGIN_PAUSE_MAX_MS = 300_000;

/** Discord refused this bot in a way that only its operator can correct; `message` says how, in English. */
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

/** Returns the refusal that a close code of the gateway means, or undefined when it means no refusal. */
export function refusalOf(closeCode: number): RefusedError | undefined {
  const text = REFUSALS.get(closeCode);
  return text === undefined ? undefined : new RefusedError(text);
}

const SHARDS_REFUSED =
  'Discord refused the shards that SHARDS names, since a bot in so many servers needs more of them: set SHARDS to auto, or to a larger number, the same in all processes.';
const ABOUT_SHARDS: ReadonlySet<number> = new Set([
  GatewayCloseCodes.InvalidShard,
  GatewayCloseCodes.ShardingRequired,
]);

/**
 * Returns the refusal that a close code means for a bot whose operator has said how many shards it has; undefined when
 * it means none. Where Discord recommends the number, a new start asks for it anew, which helps.
 */
export function shardRefusalOf(closeCode: number): RefusedError | undefined {
  return ABOUT_SHARDS.has(closeCode) ? new RefusedError(SHARDS_REFUSED) : undefined;
}

/** Returns the refusal that the error of a failed log-in means, or undefined when the log-in may be tried again. */
export function refusal(error: unknown): RefusedError | undefined {
  const code = errorCode(error);
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  const message = error instanceof Error ? error.message : '';
  if (code === DiscordjsErrorCodes.TokenInvalid || status === 401 || message === 'Authentication failed')
    return refusalOf(GatewayCloseCodes.AuthenticationFailed);
  if (code === DiscordjsErrorCodes.DisallowedIntents || message === 'Used disallowed intents')
    return refusalOf(GatewayCloseCodes.DisallowedIntents);
  return undefined;
}

/**
 * Logs in. While Discord cannot be reached, it tries again after growing pauses. If Discord refuses the intent to see
 * what people write, it tries once more without that intent. Rejects with a RefusedError when trying again cannot
 * help, and when `signal` is aborted. `prepare` is run before each try; if it fails, that try has failed.
 */
export async function login(
  gateway: GatewayClient,
  token: string,
  log: Logger,
  signal: AbortSignal,
  prepare: () => Promise<void> = async () => {},
): Promise<void> {
  for (let pauseMs = LOGIN_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LOGIN_PAUSE_MAX_MS)) {
    try {
      await prepare();
      forgetFailure(gateway.client);
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

/**
 * A log-in that fails leaves the library's gateway manager marked as destroyed, and a later one that succeeds does not
 * take the mark back: the client would never say that it is ready, nor leave Discord at the end.
 */
function forgetFailure({ ws }: Client): void {
  const manager = ws as unknown as { destroyed: boolean };
  manager.destroyed = false;
}

/** Whether Discord has refused the intents, and not the token. */
export function isAboutIntents(refused: RefusedError): boolean {
  return refused.message === INTENTS_REFUSED;
}

/**
 * Whether the refusal may be due to the intent to see what people write, which the client can do without. If so, the
 * client gives up that intent, and the log tells the operator what to click. This happens once; the next call returns
 * false.
 */
export function mayGoWithoutContent(gateway: GatewayClient, refused: RefusedError, log: Logger): boolean {
  if (!isAboutIntents(refused) || !gateway.seesContent) return false;
  gateway.goWithoutContent();
  log.warn(NO_CONTENT);
  return true;
}
