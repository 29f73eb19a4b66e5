import { type Deed, type Given, lasting, type RoomAct, type WorldAct } from './act.ts';

interface ForSoLong extends Given {
  readonly ms: number;
}

/** A connection that is dead has been noticed after some heartbeats. */
const NOTICED_MS = 20_000;

const reconnect: WorldAct = {
  name: 'the gateway asks to reconnect',
  scope: 'gateway',
  weight: 3,
  draw: () => ({}),
  begin: ({ discord }) => discord.reconnectGateway(),
};

const close: WorldAct<{ readonly code: number }> = {
  name: 'the gateway closes',
  scope: 'gateway',
  weight: 3,
  draw: random => ({ code: random.pick([1001, 4000, 4001, 4002]) }),
  begin: ({ discord }, { code }) => discord.closeGateway(code),
};

const sessionLost: WorldAct<{ readonly code: number }> = {
  name: 'the gateway forgets the session',
  scope: 'gateway',
  weight: 2,
  // The bot's voice ends with its session, and what happens until it has another is told to nobody.
  costs: { unseen: true, packets: 25, joins: 4, reasons: ['left', 'not-here', 'not-in-voice', 'not-joined'] },
  // (After 4008, “You are being rate limited”, the library identifies anew, though it might resume.)
  draw: random => ({ code: random.pick([0, 4007, 4008, 4009]) }),
  begin({ discord }, { code }) {
    if (code === 0) discord.invalidSession(false);
    else discord.closeGateway(code);
  },
};

const resumeAgain: WorldAct = {
  name: 'the gateway has the session resumed',
  scope: 'gateway',
  weight: 1,
  draw: () => ({}),
  begin: ({ discord }) => discord.invalidSession(true),
};

/** A bot that has to identify does so within this: there are five seconds between two of them. */
const IDENTIFIED_MS = 10_000;

/**
 * A deed as it turned out. A session that is lost is so until the bot has identified. And where something that the bot
 * had sent met a session that was to be resumed, it is closed with 4003 (“or this session has been invalidated”), on
 * which the library identifies anew: then that session is lost too.
 */
export function asItTurnedOut(deed: Deed, identifies: readonly { readonly at: number }[]): Deed {
  const { act, at } = deed;
  if (act !== sessionLost && act !== resumeAgain) return deed;
  const next = identifies.find(identify => identify.at > at && identify.at < at + IDENTIFIED_MS);
  return next ? { ...deed, act: sessionLost, until: Math.max(deed.until, next.at) } : deed;
}

const limited: WorldAct<{ readonly times: number }> = {
  name: 'Discord answers too many requests',
  scope: 'gateway',
  weight: 2,
  draw: random => ({ times: random.whole(1, 4) }),
  begin({ discord }, { times }) {
    discord.faults.rest429 = times;
  },
  end({ discord }) {
    discord.faults.rest429 = 0;
  },
};

const otherOrder: WorldAct<ForSoLong> = {
  name: 'the voice server is named before the voice state',
  scope: 'gateway',
  weight: 1,
  draw: random => ({ ms: lasting(random, 500, 3_000) }),
  begin({ discord }) {
    discord.faults.serverUpdateFirst = true;
  },
  end({ discord }) {
    discord.faults.serverUpdateFirst = false;
  },
};

const outage: RoomAct<ForSoLong> = {
  name: 'Discord has an outage of the server',
  scope: 'room',
  weight: 2,
  costs: {
    unseen: true,
    packets: 25,
    joins: 4,
    reasons: ['left', 'not-here', 'not-in-voice', 'not-joined', 'channel', 'failed'],
  },
  draw: random => ({ ms: lasting(random, 200, 2_000) }),
  begin: ({ discord, guild }) => discord.setAvailable(guild, false),
  end: ({ discord, guild }) => discord.setAvailable(guild, true),
};

const silent: WorldAct = {
  name: 'the gateway falls silent, and does not close',
  scope: 'gateway',
  weight: 1,
  costs: { unanswered: true },
  draw: () => ({}),
  async begin({ discord }) {
    discord.freezeGateway();
    await discord.ready(NOTICED_MS);
  },
};

export const GATEWAY_ACTS: readonly (WorldAct | RoomAct)[] = [
  reconnect,
  close,
  sessionLost,
  resumeAgain,
  silent,
  limited,
  otherOrder,
  outage,
];
