import { pino } from 'pino';
import { Departures } from '../../src/call/departures.ts';
import { guardVoiceLibrary } from '../../src/call/guards.ts';
import type { UserError } from '../../src/errors.ts';
import { createFish, type Fish, type FishOptions } from '../../src/fish/fish.ts';
import { VoiceHealth } from '../../src/fish/voice-health.ts';
import { Budget } from '../../src/speech/budget.ts';
import { SpeechCache } from '../../src/speech/cache.ts';
import type { Hindrance } from '../../src/speech/floor.ts';
import { Outages } from '../../src/speech/outages.ts';
import { Session } from '../../src/speech/session.ts';
import type { SessionOptions } from '../../src/speech/session-options.ts';
import { SpeechTally } from '../../src/speech/tally.ts';
import type { LedgerEntry } from '../../src/store/ledger/ledger.ts';
import type { Listener, VoiceServer } from '../sandbox/discord/voice-api.ts';
import { type FakeFish, startFish } from '../sandbox/fish/fish.ts';
import { ANA, afterwards, CHANNEL, GUILD, TICKET, voiceServer } from './voice-scene.ts';

// As the bot does: the library throws where a socket is closed while it is being opened.
guardVoiceLibrary();

/**
 * Speech sessions in voice channels of the sandbox, without a bot around them. They have a fake Fish Audio and a
 * ledger.
 */
export interface SpeechRoom {
  readonly voice: VoiceServer;
  /** The first session, in the guild `GUILD`. */
  readonly session: Session;
  readonly server: FakeFish;
  readonly fish: Fish;
  readonly budget: Budget;
  /** The voices in which nothing can be said. */
  readonly voiceHealth: VoiceHealth;
  /** What the sessions have said before. */
  readonly cache: SpeechCache;
  /** Counts what the sessions do. */
  readonly tally: SpeechTally;
  readonly ledger: readonly LedgerEntry[];
  /** What the sessions told the people of their guilds. */
  readonly notices: readonly Pick<UserError, 'key' | 'params'>[];
  /** How many people are in each channel. A test that changes it has to call `companyChanged` of the sessions. */
  people: number;
  /** Why nobody would hear the bot. A test that changes it has to call `hearingChanged` of the sessions. */
  hindrance: Hindrance | null;
  /** Opens another session, in another guild, or in the same guild if its session has ended. */
  open(guildId?: string): Session;
  /** Adds a listener to the channel of a guild; may be called once for each guild. */
  listen(guildId?: string): Promise<Listener>;
  /** The texts that were sent to Fish, in the order of its sessions. */
  texts(): string[];
  /** How many bytes are in the ledger, of one person if `userId` is given. */
  counted(userId?: string): number;
  /** How many bytes of words were sent to Fish. */
  sent(): number;
}

interface SpeechRoomOptions {
  readonly fish?: Parameters<typeof startFish>[0];
  readonly budget?: { dailyUsd?: number; usdPerMillionBytes?: number };
  readonly leaveAfterMs?: number;
  /** How many sessions with Fish there may be at once; 5 if it is absent. */
  readonly concurrency?: number;
  readonly timings?: FishOptions['timings'];
}

const channelOf = (guildId: string) => (guildId === GUILD ? CHANNEL : `9${guildId.slice(1)}`);
const sumOf = (items: readonly { bytes: number }[]) => items.reduce((sum, { bytes }) => sum + bytes, 0);

/** Makes a speech room, which is freed after the test. It needs a voice scene (see `useVoiceScene`). */
export async function speechRoom(options: SpeechRoomOptions = {}): Promise<SpeechRoom> {
  const voice = await voiceServer();
  voice.dave = false;
  const { concurrency = 5 } = options;
  const server = await startFish({ packets: 5, maxConcurrency: concurrency, ...options.fish });
  afterwards(async () => await server[Symbol.asyncDispose]());
  const log = pino({ level: 'silent' });
  const fish = createFish({
    url: server.url,
    apiKey: server.apiKey,
    model: 's2.1-pro',
    concurrency,
    log,
    ...(options.timings && { timings: options.timings }),
  });
  afterwards(async () => await fish[Symbol.asyncDispose]());
  const ledger: LedgerEntry[] = [];
  const budget = new Budget({
    ledger: {
      add: entry => void ledger.push(entry),
      todayIsKnown: () => true,
      guildToday: guildId => sumOf(ledger.filter(entry => entry.guildId === guildId)),
      usdToday: () => ledger.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0) / 1e9,
    },
    dailyUsd: 10,
    usdPerMillionBytes: 15,
    ...options.budget,
  });
  const notices: Pick<UserError, 'key' | 'params'>[] = [];
  const cache = new SpeechCache();
  afterwards(() => cache[Symbol.dispose]());
  const outages = new Outages(fish.circuit);
  let sessionIds = 0;
  const adapterOf = (guildId: string): SessionOptions['adapterCreator'] => {
    return methods => ({
      sendPayload: (payload: { d: { channel_id: string | null } }) => {
        const { channel_id } = payload.d;
        const session_id = `session-${++sessionIds}`;
        queueMicrotask(() => {
          if (!channel_id) return;
          const ticket = { ...TICKET, guildId, channelId: channel_id, sessionId: session_id };
          const token = voice.admit(ticket);
          methods.onVoiceStateUpdate({
            guild_id: guildId,
            channel_id,
            user_id: TICKET.userId,
            session_id,
          } as Parameters<typeof methods.onVoiceStateUpdate>[0]);
          methods.onVoiceServerUpdate({ guild_id: guildId, token, endpoint: voice.endpoint });
        });
        return true;
      },
      destroy: () => {},
    });
  };
  const open = (guildId = GUILD) => {
    const session = new Session({
      guildId,
      channelId: channelOf(guildId),
      adapterCreator: adapterOf(guildId),
      departures: new Departures(),
      company: () => ({ humans: room.people, others: room.people }),
      hindrance: () => room.hindrance,
      notify: why => void notices.push(why),
      kept: () => Promise.resolve(),
      onMoved: () => {},
      onEnded: ({ error, wasIn, awaited }) => {
        if (error && (wasIn || awaited)) notices.push(error);
      },
      onTrouble: () => outages.met(guildId, words => void notices.push(words)),
      leaveAfterMs: () => options.leaveAfterMs ?? 60_000,
      fish,
      budget,
      voiceHealth: room.voiceHealth,
      tally: room.tally,
      cache: room.cache,
      log,
    });
    afterwards(async () => {
      session.close();
      await session.ended;
    });
    return session;
  };
  const room = {
    server,
    voice,
    fish,
    budget,
    voiceHealth: new VoiceHealth(),
    tally: new SpeechTally(log),
    cache,
    ledger,
    notices,
    people: 1,
    hindrance: null,
    open,
    listen: async (guildId = GUILD) => await voice.call(channelOf(guildId)).addListener(ANA),
    texts: () => server.sessions.map(({ text }) => text),
    counted: (userId?: string) =>
      sumOf(userId === undefined ? ledger : ledger.filter(entry => entry.userId === userId)),
    sent: () => sumOf(server.sessions),
  };
  return Object.assign(room, { session: open() });
}
