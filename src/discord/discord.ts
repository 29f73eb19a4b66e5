import { setImmediate as turn } from 'node:timers/promises';
import type { Discord, DiscordOptions } from './discord-options.ts';
import { createClient, type GatewayClient } from './gateway/client.ts';
import { wire } from './gateway/events.ts';
import { login, RefusedError } from './gateway/login.ts';
import { wirePresence } from './gateway/presence-events.ts';
import { GatewayShardHost } from './gateway/shard-host.ts';
import { loginShared } from './gateway/shared-login.ts';
import { Visits } from './gateway/visits.ts';
import { VisitorLines } from './lines/visitor-lines.ts';
import { makeServices } from './make-services.ts';
import { makeParts } from './parts.ts';
import { Returns } from './presence/returns.ts';

// Puts Discord's side of the bot together: the gateway client, the parts (`parts.ts`), what commands use
// (`make-services.ts`), and the events that are handed to them (`gateway/events.ts`, `gateway/presence-events.ts`).

/** When the process ends, notices that are under way get this many milliseconds to reach Discord. */
const LAST_NOTICES_MS = 1_000;

/**
 * Builds everything that talks to Discord, connects the parts with each other, and logs in. It returns at once, while
 * the log-in goes on in the background. Dispose of the result after the speech sessions have left their voice
 * channels.
 */
export function connectDiscord(options: DiscordOptions): Discord {
  const { apiUrl, shards, userInstall, log, onRefused } = options;
  const { sharing } = shards;
  const stopping = new AbortController();
  const { signal } = stopping;
  const gateway = createClient({ apiUrl, shards, onLost: () => options.onLost(), log, signal });
  const { client } = gateway;
  const parts = makeParts(options, gateway);
  const { gatewaySessions } = parts;

  const returns = new Returns({ ...parts, gateway: gatewaySessions, signal });
  wirePresence({ ...parts, gateway: gatewaySessions, returns });

  const host = new GatewayShardHost({ ...parts, gateway });
  /** From its log-in on, a process that shares the shards is well, also while it has none. */
  let isSharing = false;
  const onShared = () => {
    isSharing = true;
  };
  const logInBehind = () => void logIn({ ...options, gateway, host, signal, onShared });
  wire({
    ...parts,
    gateway,
    services: makeServices(parts),
    visits: userInstall ? new Visits({ ...parts, visitorLines: new VisitorLines(parts) }) : null,
    onRefused,
    onLost(code) {
      if (signal.aborted) return;
      log.fatal({ closeCode: code }, 'the gateway closed for good');
      options.onLost();
    },
    onAgain: shardId => (sharing ? host.again(shardId) : logInBehind()),
    asksForTooMuch: shardId => host.asksForTooMuch(shardId),
    shardsComeLater: sharing !== null,
    shardsAreNamed: shards.named !== null,
  });
  logInBehind();
  return {
    get health() {
      const { health } = gateway;
      if (isSharing && client.ws.shards.size === 0) return { ok: true, detail: 'no shard here' };
      return health.ok && !client.isReady() ? { ok: false, detail: 'waiting for the servers' } : health;
    },
    get figures() {
      return { ...gateway.figures, messages: parts.reasons.counts };
    },
    takeLeave: () => parts.statuses.takeAllBack(),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      parts.outages[Symbol.dispose]();
      parts.hearing[Symbol.dispose]();
      parts.drops[Symbol.dispose]();
      parts.readMarks?.[Symbol.dispose]();
      await parts.notices.sent(LAST_NOTICES_MS);
      await turn(); // After this, the gateway's queue holds the messages by which the bot leaves voice channels.
      await client.destroy();
    },
  };
}

interface LogInOptions extends Pick<DiscordOptions, 'token' | 'shards' | 'onRefused' | 'onLost' | 'log'> {
  readonly gateway: GatewayClient;
  readonly host: GatewayShardHost;
  readonly signal: AbortSignal;
  /** Called when a process that shares the shards has logged in. */
  readonly onShared: () => void;
}

/**
 * Logs in with the shards that this process has by itself, or shares with others. Never rejects: it tells what fails.
 */
async function logIn(options: LogInOptions): Promise<void> {
  const { gateway, host, token, log, signal } = options;
  const { sharing } = options.shards;
  try {
    if (!sharing) return await login(gateway, token, log, signal);
    await loginShared({ gateway, token, sharing, host, log, signal });
    options.onShared();
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof RefusedError) return options.onRefused(error);
    log.fatal({ err: error }, 'log-in failed');
    options.onLost();
  }
}
