import type { JsonObject } from './json.ts';

/** REST calls to such a path, and with `method` only those that use it, are refused with this error, so many times. */
interface RestRefusals {
  readonly path: RegExp;
  readonly method?: string;
  readonly status: number;
  readonly code: number;
  times: number;
}

/** The paths of answers to interactions, first and further ones. */
export const INTERACTION_ANSWERS = /^\/(?:interactions|webhooks)\//u;

/** What goes wrong at Discord. Each may be switched at any time. */
export interface DiscordFaults {
  /** IDENTIFY is answered with this close code, such as 4004 or 4014. */
  identifyClose?: number | undefined;
  /** The next so many REST calls are answered with 429. */
  rest429?: number | undefined;
  restRefusals?: RestRefusals | undefined;
  /** Requests to join voice are not answered. */
  ignoreOp4?: boolean;
  /** A join to the channel in which the bot is already is not answered, also while its voice socket is gone. */
  ignoreJoinWhereHere?: boolean;
  /** Runs once, when the bot's next request to join voice or to leave it has arrived, before Discord acts on it. */
  beforeOp4?: ((guildId: string) => void) | undefined;
  /** A gateway session that ends takes the bot's voice states with it, but leaves its voice sockets open. */
  voiceOutlivesGateway?: boolean;
  /** VOICE_SERVER_UPDATE comes before VOICE_STATE_UPDATE. */
  serverUpdateFirst?: boolean;
  /** So long after VOICE_STATE_UPDATE the former voice session ends and VOICE_SERVER_UPDATE comes, in milliseconds. */
  serverUpdateLateMs?: number | undefined;
  /** Discord acts on requests to join voice or to leave it only so many milliseconds later, in their order. */
  op4LateMs?: number | undefined;
  /** How often the gateway wants heartbeats of sockets that connect from now on, ms. */
  gatewayHeartbeatMs: number;
  /** All that the gateway says on sockets that connect from now on comes in binary frames, as from some proxies. */
  binaryGateway?: boolean;
  /** What becomes of RESUME: the session is declared invalid, or there is no answer at all. */
  resume?: 'refused' | 'unanswered' | undefined;
  /** The intent Message Content is enabled in the developer portal; otherwise who asks for it is closed with 4014. */
  messageContentIntent: boolean;
  /** The switch "Requires OAuth2 Code Grant" of the developer portal: an invitation without a redirect then fails. */
  requiresCodeGrant?: boolean;
  /** The `Date` header of REST answers is ahead of this machine's clock by so many milliseconds. */
  dateAheadMs?: number | undefined;
  /** No log-ins are left today (session_start_limit). */
  noLoginsLeft?: boolean;
  /** Each event of the gateway is told as this function returns it. */
  toldAs?: ((event: string, data: JsonObject) => object) | undefined;
  /** Time for the first response to an interaction, ms. */
  interactionTtlMs: number;
  /** How long an interaction can be answered further, ms. */
  interactionTokenTtlMs: number;
}

/** (Discord's usual interval.) */
const GATEWAY_HEARTBEAT_MS = 41_250;
/** (Discord, "Receiving and Responding": three seconds for the initial response.) */
const INTERACTION_TTL_MS = 3_000;
/** (The same: tokens are valid for 15 minutes.) */
const INTERACTION_TOKEN_TTL_MS = 15 * 60_000;

export function noFaults(): DiscordFaults {
  return {
    gatewayHeartbeatMs: GATEWAY_HEARTBEAT_MS,
    messageContentIntent: true,
    interactionTtlMs: INTERACTION_TTL_MS,
    interactionTokenTtlMs: INTERACTION_TOKEN_TTL_MS,
  };
}
