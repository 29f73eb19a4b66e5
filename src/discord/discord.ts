import { setImmediate as turn } from 'node:timers/promises';
import { DropNotices } from '../speech/drop-notices.ts';
import { Outages } from '../speech/outages.ts';
import { ReasonBook } from '../speech/reason-book.ts';
import { CatchUp } from './chat/catch-up.ts';
import { Gatekeeper } from './chat/gatekeeper.ts';
import { JoinReading } from './chat/join-reading.ts';
import { MessageLines } from './chat/message-lines.ts';
import { noReadNotes, ReadMarks } from './chat/read-marks.ts';
import { Reader } from './chat/reader.ts';
import { Why } from './chat/why.ts';
import type { Discord, DiscordOptions } from './discord-options.ts';
import { createClient, type GatewayClient } from './gateway/client.ts';
import { wire } from './gateway/events.ts';
import { login, RefusedError } from './gateway/login.ts';
import { wirePresence } from './gateway/presence-events.ts';
import { GatewayShardHost } from './gateway/shard-host.ts';
import { loginShared } from './gateway/shared-login.ts';
import { forVisits, Visits } from './gateway/visits.ts';
import { GuildTurns } from './guild-turns.ts';
import { CommandIds } from './interaction/command-ids.ts';
import { makeServices } from './interaction/make-services.ts';
import { clipMaker } from './lines/clips.ts';
import { LineMaker } from './lines/line-maker.ts';
import { VisitorLines } from './lines/visitor-lines.ts';
import { Notices } from './notices.ts';
import { Arrivals } from './people/arrivals.ts';
import { Calls } from './presence/calls.ts';
import { ChannelStatuses } from './presence/channel-statuses.ts';
import { Dismissals } from './presence/dismissals.ts';
import { Follows } from './presence/follows.ts';
import { GatewaySessions } from './presence/gateway-sessions.ts';
import { Hearing } from './presence/hearing.ts';
import { OwnArrivals, type OwnArrivalsOptions } from './presence/own-arrivals.ts';
import { Returns } from './presence/returns.ts';
import { ArrivalMessages } from './steering/arrival-messages.ts';
import { ShownSteering } from './steering/shown-steering.ts';
import { VoiceChoice } from './voices/choice.ts';
import { GoneNotices } from './voices/gone-notices.ts';

// Builds all parts that talk to Discord and connects them with each other. A new part is built here and given what it
// needs. `gateway/events.ts` hands them what Discord tells, and `interaction/make-services.ts` builds what the commands
// use.

/** When the process ends, notices that are under way get this many milliseconds to reach Discord. */
const LAST_NOTICES_MS = 1_000;

/**
 * Builds everything that talks to Discord, connects the parts with each other, and logs in. It returns at once, while
 * the log-in goes on in the background. Dispose of the result after the speech sessions have left their voice
 * channels.
 */
export function connectDiscord(options: DiscordOptions): Discord {
  const { sessions, store, clones, library, speechMeans, manner, userInstall, log, onRefused } = options;
  const commands = userInstall ? options.commands.map(forVisits) : options.commands;
  const stopping = new AbortController();
  const { signal } = stopping;
  const { apiUrl, shards } = options;
  const { sharing } = shards;
  const onLost = () => options.onLost();
  const gateway = createClient({ apiUrl, shards, onLost, log, signal });
  const { client } = gateway;
  const clip = clipMaker(speechMeans);
  const lineMaker = new LineMaker(client, manner, clones, store);
  const voices = new VoiceChoice({ library, store, clones });
  const gone = new GoneNotices(voice => voices.shown(voice));
  const notices = new Notices({ sessions, log });
  const gatewaySessions = new GatewaySessions(client, log);
  const outages = new Outages(speechMeans.fish.circuit);
  const drops = new DropNotices({ circuit: speechMeans.fish.circuit });
  const dismissals = new Dismissals({ store, log });
  const calls = new Calls({
    client,
    gateway: gatewaySessions,
    sessions,
    store,
    notices,
    dismissals,
    outages,
    speechMeans,
  });
  const shownSteering = new ShownSteering({ calls, notices, log });
  const contentVisible = () => gateway.seesContent;
  const arrivalMessages = new ArrivalMessages({ shown: shownSteering, contentVisible });
  const message: OwnArrivalsOptions['message'] = (...arrival) => arrivalMessages.make(...arrival);
  const ownArrivals = new OwnArrivals({ calls, dismissals, store, notices, message, log });
  const settingTurns = new GuildTurns();
  const follows = new Follows({ calls, arrivals: ownArrivals, store, settingTurns, log });
  const lineTurns = new GuildTurns();
  const statuses = new ChannelStatuses({ client, calls, store, log });
  const arrivals = new Arrivals({ client, calls, store, lineMaker, lineTurns, log });
  const joins = new JoinReading();
  const reasons = new ReasonBook();
  const gatekeeper = new Gatekeeper({ store, joins, contentVisible });
  const marks = sharing && new ReadMarks({ kept: store.readMarks, sessions });
  const readNotes = marks ?? noReadNotes;
  const reader = new Reader({
    client,
    sessions,
    gatekeeper,
    messageLines: new MessageLines({
      client,
      lineMaker,
      gone,
      reasons,
      notices,
      drops,
      marks: readNotes,
      log,
    }),
    reasons,
    notices,
    lineTurns,
    marks: readNotes,
    comeTo: (channel, { channelId, member }) => ownArrivals.come(channel, { channelId, member }),
    log,
  });
  const commandIds = new CommandIds();
  const services = makeServices({
    commands,
    commandIds,
    store,
    calls,
    clip,
    dismissals,
    lineMaker,
    reader,
    reasons,
    why: new Why({ client, reasons, sessions, gatekeeper, lineTurns }),
    lineTurns,
    settingTurns,
    joins,
    follows,
    statuses,
    status: () => ({
      version: options.version,
      gatewayPingMs: gateway.figures.pingMs,
      contentVisible: gateway.seesContent,
      modelTrouble: options.model?.trouble ?? null,
      fish: options.fishStatus(),
    }),
    cdnUrl: options.cdnUrl,
    clones,
    library,
    voices,
    gone,
    model: options.model,
    notices,
    shownSteering,
    arrivalMessages,
    usdPerMillionBytes: options.usdPerMillionBytes,
    cache: speechMeans.cache,
    log,
  });

  const host = new GatewayShardHost({ gateway, sessions, statuses, marks: readNotes, store, log });
  /** From its log-in on, a process that shares the shards is well, also while it has none. */
  let isSharing = false;
  const onShared = () => {
    isSharing = true;
  };
  const logInBehind = () => void logIn({ ...options, gateway, host, signal, onShared });
  const catchUp = marks && new CatchUp({ client, marks, gatekeeper, reader, log });
  const returns = new Returns({ client, gateway: gatewaySessions, calls, catchUp, store, signal, log });
  const hearing = new Hearing({
    session: guildId => calls.session(guildId),
    tell: (guild, words) => calls.tell(guild, words),
    log,
  });
  wirePresence({
    client,
    gateway: gatewaySessions,
    calls,
    dismissals,
    returns,
    hearing,
    follows,
    arrivals,
    statuses,
    reader,
    log,
  });
  wire({
    gateway,
    commands,
    commandIds,
    services,
    reader,
    visits: userInstall
      ? new Visits({ commands, visitorLines: new VisitorLines({ client, clip, store, manner }), log })
      : null,
    store,
    onRefused,
    onLost(code) {
      if (stopping.signal.aborted) return;
      log.fatal({ closeCode: code }, 'the gateway closed for good');
      options.onLost();
    },
    onAgain: shardId => (sharing ? host.again(shardId) : logInBehind()),
    asksForTooMuch: shardId => host.asksForTooMuch(shardId),
    shardsComeLater: sharing !== null,
    shardsAreNamed: shards.named !== null,
    log,
  });
  logInBehind();
  return {
    get health() {
      const { health } = gateway;
      if (isSharing && client.ws.shards.size === 0) return { ok: true, detail: 'no shard here' };
      return health.ok && !client.isReady() ? { ok: false, detail: 'waiting for the servers' } : health;
    },
    get figures() {
      return { ...gateway.figures, messages: reasons.counts };
    },
    takeLeave: () => statuses.takeAllBack(),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      outages[Symbol.dispose]();
      hearing[Symbol.dispose]();
      drops[Symbol.dispose]();
      marks?.[Symbol.dispose]();
      await notices.sent(LAST_NOTICES_MS);
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

/** Logs in with the shards that this process has by itself, or shares with others. Never rejects: it tells what fails. */
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
