import { setImmediate as turn } from 'node:timers/promises';
import type { Client } from 'discord.js';
import type { Logger } from '../log.ts';
import { ReasonBook } from '../speech/reasons.ts';
import type { SessionRegistry } from '../speech/registry.ts';
import type { Store } from '../store/store.ts';
import { createClient } from './client.ts';
import type { Command } from './command.ts';
import { CommandContext, type StatusReport } from './context.ts';
import { wire } from './events.ts';
import { LineMaker } from './lines.ts';
import { login, RefusedError } from './login.ts';
import type { ProcessManner } from './manner.ts';
import { Reader } from './reader.ts';
import { Rooms, type RoomsOptions } from './rooms.ts';

export interface DiscordOptions {
  readonly token: string;
  /** REST base, without the version. */
  readonly apiUrl: string;
  /** Origin of attachments; null: Discord's own hosts. */
  readonly cdnUrl: string | null;
  readonly commands: readonly Command[];
  readonly sessions: SessionRegistry;
  readonly store: Store;
  /** What every speech session shares. */
  readonly shared: RoomsOptions['shared'];
  readonly manner: ProcessManner;
  readonly version: string;
  readonly fishStatus: () => StatusReport['fish'];
  /** Discord will not have the bot, and only its operator can mend that; the message says how. */
  readonly onRefused: (error: RefusedError) => void;
  /** The gateway is gone for good for another reason. */
  readonly onLost: () => void;
  readonly log: Logger;
}

/** The bot at Discord's gateway. */
export interface Discord extends AsyncDisposable {
  readonly ready: boolean;
}

/** Logs in, in the background, and answers what comes. Dispose it when the sessions have left. */
export function connectDiscord(options: DiscordOptions): Discord {
  const { commands, sessions, store, shared, log, onRefused } = options;
  const gateway = createClient(options.apiUrl);
  const { client } = gateway;
  const lines = new LineMaker(client, options.manner);
  const rooms = new Rooms({ client, sessions, store, shared });
  const reader = new Reader({
    client,
    sessions,
    store,
    lines,
    reasons: new ReasonBook(),
    contentVisible: () => gateway.seesContent,
    comeTo: (channel, message) => rooms.comeTo(channel, message.channelId),
    log,
  });
  const context = new CommandContext({
    commands,
    store,
    rooms,
    lines,
    reader,
    status: () => ({
      version: options.version,
      gatewayPingMs: pingOf(client),
      contentVisible: gateway.seesContent,
      fish: options.fishStatus(),
    }),
    cdnUrl: options.cdnUrl,
    log,
  });

  const stopping = new AbortController();
  const logIn = () =>
    void login(gateway, options.token, log, stopping.signal).catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      if (error instanceof RefusedError) return onRefused(error);
      log.fatal({ err: error }, 'log-in failed');
      options.onLost();
    });
  wire({
    gateway,
    context,
    reader,
    store,
    onRefused,
    onLost(code) {
      if (stopping.signal.aborted) return;
      log.fatal({ closeCode: code }, 'the gateway closed for good');
      options.onLost();
    },
    onAgain: logIn,
    log,
  });
  logIn();
  return {
    get ready() {
      return client.isReady();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await turn(); // the gateway's queue has taken the leaves by then
      await client.destroy();
    },
  };
}

/** Round trip of the gateway's heartbeat, in ms; null before the first. */
function pingOf({ ws: { ping } }: Client): number | null {
  return ping >= 0 ? ping : null;
}
