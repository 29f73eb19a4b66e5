import type { FishBehaviour, FishFault } from '../sandbox/fish/behaviour.ts';
import type { Random } from '../support/random.ts';
import { type Given, lasting, type RoomAct, type WorldAct } from './act.ts';

interface ForSoLong extends Given {
  readonly ms: number;
}

const TROUBLE = ['failed', 'fish-trouble'] as const;
/** After an outage the bot asks Fish again within ten seconds, and may not know before that it is over. */
const ASKED_AGAIN_MS = 12_000;

/** Faults that go by without a word lost. */
const HARMLESS = [
  'empty-audio',
  'unknown-events',
  'text-frame',
  'duplicate-finish',
  'audio-after-finish',
] as const;

const stumbles: RoomAct<{ readonly kind: string; readonly after: number; readonly code: number }> = {
  name: 'Fish fails in the next session',
  scope: 'room',
  weight: 6,
  // A line is tried twice; another failure, of another kind, may meet the second try.
  costs: { reasons: TROUBLE },
  draw: random => ({
    kind: random.weighted({ close: 6, error: 2, 'finish-error': 2, 'no-audio': 1, malformed: 1 }),
    after: random.whole(0, 60),
    code: random.pick([1000, 1005, 1006, 1011]),
  }),
  begin({ fishFaults }, { kind, after, code }) {
    fishFaults.push(faultOf(kind, after, code as 1000 | 1005 | 1006 | 1011));
  },
};

function faultOf(kind: string, after: number, code: 1000 | 1005 | 1006 | 1011): FishFault {
  const afterEvents = after % 4;
  if (kind === 'error') return { kind, afterEvents };
  if (kind === 'finish-error') return { kind, afterEvents, message: 'internal error' };
  if (kind === 'no-audio') return { kind };
  if (kind === 'malformed') return { kind, times: 1 + (after % 4) };
  return { kind: 'close', code, afterPackets: after };
}

const stalls: RoomAct<{ readonly afterEvents: number; readonly kind: string }> = {
  name: 'Fish falls silent in the next session',
  scope: 'room',
  weight: 0.3, // each costs seconds
  costs: { reasons: TROUBLE },
  draw: random => ({ afterEvents: random.whole(0, 2), kind: random.pick(['stall', 'never-finish']) }),
  begin({ fishFaults }, { afterEvents, kind }) {
    fishFaults.push(kind === 'stall' ? { kind: 'stall', afterEvents } : { kind: 'never-finish' });
  },
};

const odd: RoomAct<{ readonly kind: string }> = {
  name: 'Fish says odd things in the next session',
  scope: 'room',
  weight: 2,
  draw: random => ({ kind: random.pick(HARMLESS) }),
  begin({ fishFaults }, { kind }) {
    const known = HARMLESS.find(one => one === kind);
    if (known) fishFaults.push({ kind: known });
  },
};

/** What Fish does to everybody, by the fields of its behaviour that are other meanwhile. */
function behaves<G extends Given>(
  name: string,
  weight: number,
  draw: (random: Random) => G,
  other: (given: G) => Partial<FishBehaviour>,
  costs?: WorldAct['costs'],
): WorldAct<G> {
  return {
    name,
    scope: 'account',
    weight,
    draw,
    ...(costs && { costs }),
    begin({ fish }, given) {
      Object.assign(fish.behaviour, other(given));
    },
    end({ fish, usual }, given) {
      const { behaviour } = fish;
      for (const field of Object.keys(other(given)) as (keyof FishBehaviour)[]) {
        if (field in usual) Object.assign(behaviour, { [field]: usual[field] });
        else delete behaviour[field];
      }
    },
  };
}

const REFUSALS: Readonly<Record<number, string>> = {
  402: '{"message":"Insufficient API credit","status":402}',
  429: '{"message":"Too Many Requests","status":429}',
  500: 'Internal Server Error',
  503: '{"message":"Service Unavailable","status":503}',
};
const brief =
  (least: number, most: number) =>
  (random: Random): ForSoLong => ({
    ms: lasting(random, least, most),
  });

const refuses = behaves(
  'Fish refuses everybody',
  3,
  random => ({ ...brief(200, 2_500)(random), status: random.pick([402, 429, 500, 503]) }),
  ({ status }) => ({ upgrade: { status, body: REFUSALS[status] ?? '' } }),
  { reasons: TROUBLE, afterMs: ASKED_AGAIN_MS },
);

const unreachable = behaves('Fish cannot be reached', 2, brief(200, 2_500), () => ({ refuseTcp: true }), {
  reasons: TROUBLE,
});

const hangs = behaves('Fish answers no upgrade', 1, brief(200, 2_500), () => ({ hangUpgrade: true }), {
  reasons: TROUBLE,
});

const narrow = behaves(
  'Fish takes one session at a time',
  2,
  brief(500, 3_000),
  () => ({ maxConcurrency: 1 }),
  { reasons: TROUBLE },
);

const slow = behaves(
  'Fish is slower than speech',
  2,
  random => ({ ...brief(500, 3_000)(random), percent: random.whole(60, 95) }),
  ({ percent }) => ({ realtimeFactor: percent / 100 }),
);

const losesSockets: WorldAct<{ readonly which: 'idle' | 'all'; readonly how: string }> = {
  name: 'Fish’s sockets are lost',
  scope: 'account',
  weight: 3,
  costs: { reasons: TROUBLE },
  draw: random => ({
    which: random.chance(0.8) ? 'idle' : 'all',
    how: random.pick(['silently', 'close', 'cut']),
  }),
  begin({ fish }, { which, how }) {
    if (how === 'silently') fish.loseSockets(which);
    else fish.dropIdleSockets(how === 'close' ? 'close' : 'terminate');
  },
};

export const FISH_ACTS: readonly (WorldAct | RoomAct)[] = [
  stumbles,
  stalls,
  odd,
  refuses,
  unreachable,
  hangs,
  narrow,
  slow,
  losesSockets,
];
