import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, type Caps } from '../../src/speech/budget.ts';
import { Unsaid } from '../../src/speech/reasons.ts';

const CAPS: Caps = { messageBytes: 100, personBytesPerMinute: 300, serverBytesPerDay: 1_000 };
const WIDE: Caps = { messageBytes: 1e6, personBytesPerMinute: 1e9, serverBytesPerDay: 1e9 };
const DAY_MS = 86_400_000;

/** A ledger as plain as can be, whose days follow a clock that is set by hand. */
function booth(options: { dailyUsd?: number; usdPerMillionBytes?: number } = {}) {
  /** `set`: by so much somebody has set the clock; `known`: what was spent before is known. */
  const clock = { now: 20_000 * DAY_MS, set: 0, known: true };
  const entries: { day: number; guildId: string; userId: string; bytes: number; nanoUsd: number }[] = [];
  const today = () => entries.filter(({ day }) => day === Math.floor(clock.now / DAY_MS));
  const ledger = {
    add: (entry: { guildId: string; userId: string; bytes: number; nanoUsd: number }) =>
      void entries.push({ ...entry, day: Math.floor(clock.now / DAY_MS) }),
    todayIsKnown: () => clock.known,
    guildToday: (guildId: string) =>
      today()
        .filter(entry => entry.guildId === guildId)
        .reduce((sum, { bytes }) => sum + bytes, 0),
    usdToday: () => today().reduce((sum, { nanoUsd }) => sum + nanoUsd, 0) / 1e9,
  };
  const budget = new Budget({
    ledger,
    dailyUsd: 10,
    usdPerMillionBytes: 15,
    ...options,
    now: () => clock.now,
    uptime: () => clock.now - clock.set,
  });
  return { budget, ledger, entries, clock };
}

const request = (bytes: number, caps = CAPS, guildId = 'g', userId = 'ana') => ({
  guildId,
  userId,
  bytes,
  caps,
});

/** The reason for which it was refused; null where it was not. */
function refusal(act: () => unknown) {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Unsaid) return error.reason;
    throw error;
  }
}

test('a person has so many bytes in any minute, in each server', () => {
  const { budget, clock } = booth();
  for (const bytes of [100, 100, 100]) budget.admit(request(bytes));
  const admit = (guildId = 'g', userId = 'ana') =>
    refusal(() => budget.admit(request(1, CAPS, guildId, userId)));
  expect(admit()).toBe('person-cap');
  expect(admit('g', 'ben')).toBeNull();
  expect(admit('h')).toBeNull();
  clock.now += 59_999;
  expect(admit()).toBe('person-cap');
  clock.now += 1;
  expect(admit()).toBeNull();
});

test('a minute is a minute, whoever sets the clock', () => {
  const { budget, clock } = booth();
  budget.admit(request(300));
  for (const set of [7_200_000, -7_200_000]) {
    clock.now += set;
    clock.set += set;
    expect(refusal(() => budget.admit(request(1)))).toBe('person-cap');
  }
  clock.now += 60_000;
  expect(refusal(() => budget.admit(request(1)))).toBeNull();
});

test('what is refused does not count; who speaks does', () => {
  const { budget } = booth();
  expect(refusal(() => budget.admit(request(301)))).toBe('person-cap-alone');
  expect(() => budget.admit(request(301))).toThrow('cap.person-alone');
  budget.admit(request(290));
  budget.addTo(request(10));
  expect(refusal(() => budget.admit(request(1)))).toBe('person-cap');
  expect(() => budget.admit(request(1))).toThrow(/^cap\.person$/);
});

test('lines about to be sent count before they are in the ledger, and give back what they did not need', () => {
  const { budget, ledger } = booth();
  const first = budget.reserve(request(600));
  expect(refusal(() => budget.reserve(request(401)))).toBe('server-cap');
  expect(refusal(() => budget.admit(request(401, { ...CAPS, personBytesPerMinute: 1e6 })))).toBe(
    'server-cap',
  );
  first.spent(250);
  expect(ledger.guildToday('g')).toBe(250);
  expect(refusal(() => budget.reserve(request(401)))).toBe('server-cap');
  first.release();
  first.release();
  const second = budget.reserve(request(750));
  expect(refusal(() => budget.reserve(request(1)))).toBe('server-cap');
  second.spent(750);
  second.release();
  expect(refusal(() => budget.reserve(request(1)))).toBe('server-cap');
});

test('the money of a day is that of all guilds, and midnight is in UTC', () => {
  const { budget, clock, ledger } = booth({ dailyUsd: 0.0015 }); // 100 bytes
  const reservation = budget.reserve(request(60, WIDE, 'one'));
  expect(refusal(() => budget.reserve(request(41, WIDE, 'two')))).toBe('budget');
  reservation.spent(60);
  reservation.release();
  expect(ledger.usdToday()).toBeCloseTo(0.0009, 9);
  expect(refusal(() => budget.admit(request(41, WIDE, 'two')))).toBe('budget');
  expect(refusal(() => budget.admit(request(40, WIDE, 'two')))).toBeNull();
  clock.now += DAY_MS - 1;
  expect(refusal(() => budget.admit(request(41, WIDE, 'two')))).toBe('budget');
  clock.now += 1;
  expect(refusal(() => budget.admit(request(41, WIDE, 'two')))).toBeNull();
});

test('as long as nobody knows what was spent today, a hundredth of each cap of the day may be', () => {
  const { budget, clock, ledger } = booth({ dailyUsd: 0.15 }); // 10,000 bytes; a hundredth: 100
  const caps = { ...WIDE, serverBytesPerDay: 6_000 }; // a hundredth: 60
  clock.known = false;
  const spend = (bytes: number, guildId: string) => {
    const reservation = budget.reserve(request(bytes, caps, guildId));
    reservation.spent(bytes);
    reservation.release();
  };
  spend(60, 'one');
  expect(refusal(() => budget.admit(request(1, caps, 'one')))).toBe('budget-unknown');
  expect(refusal(() => budget.admit(request(41, caps, 'two')))).toBe('budget-unknown');
  spend(40, 'two');
  expect(refusal(() => budget.reserve(request(1, caps, 'three')))).toBe('budget-unknown');
  clock.known = true;
  spend(5_940, 'one');
  expect(refusal(() => budget.admit(request(1, caps, 'one')))).toBe('server-cap');
  expect(ledger.guildToday('one')).toBe(6_000);
});

test('where money is no object, the server’s day is still to be known', () => {
  const { budget, clock } = booth({ usdPerMillionBytes: 0 });
  clock.known = false;
  expect(refusal(() => budget.admit(request(10)))).toBeNull(); // of 1,000 a day
  expect(refusal(() => budget.admit(request(11)))).toBe('budget-unknown');
});

test('what costs nothing is counted, and no money stops it', () => {
  const { budget, entries } = booth({ dailyUsd: 0, usdPerMillionBytes: 0 });
  const reservation = budget.reserve(request(10));
  reservation.spent(10);
  expect(entries).toMatchObject([{ guildId: 'g', userId: 'ana', bytes: 10, nanoUsd: 0 }]);
});

test('that the day is over is news once a day for each guild', () => {
  const { budget, clock } = booth();
  const isNews = (guildId: string) => budget.isNews(guildId, 'server-cap');
  expect([isNews('g'), isNews('g'), isNews('h')]).toEqual([true, false, true]);
  expect(budget.isNews('g', 'budget')).toBe(true);
  clock.now += DAY_MS;
  expect(isNews('g')).toBe(true);
});

test('bytes that a dead socket took are taken back, and held again until they are sent', () => {
  const { budget, ledger } = booth();
  const reservation = budget.reserve(request(600));
  reservation.spent(600);
  reservation.spent(-600);
  expect(ledger.guildToday('g')).toBe(0);
  expect(refusal(() => budget.reserve(request(401)))).toBe('server-cap');
  reservation.release();
  expect(refusal(() => budget.reserve(request(1_000)))).toBeNull();
});

test('what is to be sent once more is held once more, or refused', () => {
  const { budget, ledger } = booth();
  const reservation = budget.reserve(request(400));
  void reservation.renew(); // nothing was sent: all is held already
  expect(refusal(() => budget.reserve(request(601)))).toBe('server-cap');
  reservation.spent(400);
  void reservation.renew();
  expect(refusal(() => budget.reserve(request(201)))).toBe('server-cap');
  reservation.spent(400);
  expect(refusal(() => reservation.renew())).toBe('server-cap');
  reservation.release();
  expect(ledger.guildToday('g')).toBe(800);
  expect(refusal(() => budget.reserve(request(200)))).toBeNull();
});

const step = fc.record({
  guildId: fc.constantFrom('one', 'two'),
  userId: fc.constantFrom('ana', 'ben'),
  bytes: fc.integer({ min: 1, max: 100 }),
  /** What becomes of the line: said, said twice because Fish failed, dropped unsaid, or left open for a while. */
  fate: fc.constantFrom('said', 'twice', 'dropped', 'open'),
  passedMs: fc.integer({ min: 0, max: 20_000 }),
});

test('however lines come: no cap is passed, and the ledger has every byte', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), steps => {
      const dailyUsd = 0.02; // 1,333 bytes
      const { budget, ledger, clock } = booth({ dailyUsd });
      const admitted: { at: number; person: string; bytes: number }[] = [];
      const open: { reservation: ReturnType<Budget['reserve']>; bytes: number }[] = [];
      let sent = 0;
      for (const { guildId, userId, bytes, fate, passedMs } of steps) {
        clock.now += passedMs;
        const line = request(bytes, CAPS, guildId, userId);
        if (refusal(() => budget.admit(line)) !== null) continue;
        admitted.push({ at: clock.now, person: `${guildId} ${userId}`, bytes });
        let reservation: ReturnType<Budget['reserve']> | undefined;
        refusal(() => {
          reservation = budget.reserve(line);
        });
        if (!reservation) continue;
        if (fate === 'open') {
          open.push({ reservation, bytes });
          continue;
        }
        const send = (again: boolean) => {
          if (again) void reservation?.renew();
          reservation?.spent(bytes);
          sent += bytes;
        };
        if (fate !== 'dropped') send(false);
        if (fate === 'twice') refusal(() => send(true));
        reservation.release();
        if (open.length > 3) {
          const late = open.shift();
          late?.reservation.spent(late.bytes);
          late?.reservation.release();
          sent += late?.bytes ?? 0;
        }
      }
      for (const { reservation, bytes } of open) {
        reservation.spent(bytes);
        sent += bytes;
      }
      for (const guildId of ['one', 'two'])
        expect(ledger.guildToday(guildId)).toBeLessThanOrEqual(CAPS.serverBytesPerDay);
      expect(ledger.usdToday()).toBeLessThanOrEqual(dailyUsd + 1e-9);
      expect(ledger.guildToday('one') + ledger.guildToday('two')).toBe(sent);
      for (const { at, person } of admitted) {
        const minute = admitted.filter(one => one.person === person && one.at > at - 60_000 && one.at <= at);
        expect(minute.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(300);
      }
    }),
  );
});

test('where others spend as well, a line waits until its bytes are sure, and gives them back if they are not', async () => {
  const { ledger, clock } = booth({ dailyUsd: 1 });
  const grants: boolean[] = [];
  let covered = false;
  const asked: [string, boolean][] = [];
  const shared = {
    ...ledger,
    share: () => {},
    covered: () => covered,
    secure: (guildId: string, near: boolean) => {
      asked.push([guildId, near]);
      covered = grants.shift() ?? true;
      return covered ? undefined : Promise.resolve(true);
    },
  };
  const budget = new Budget({ ledger: shared, dailyUsd: 1, usdPerMillionBytes: 1e6, now: () => clock.now });
  const why = (promise: Promise<void> | undefined) =>
    promise?.then(
      () => null,
      (error: unknown) => (error instanceof Unsaid ? error.reason : String(error)),
    );
  const reservation = budget.reserve(request(1, WIDE));
  expect(reservation.secured()).toBeUndefined();
  expect(asked).toEqual([['g', false]]);
  reservation.spent(1);
  expect(refusal(() => budget.reserve(request(1, WIDE)))).toBe('budget');
  ledger.add({ guildId: 'g', userId: 'ana', bytes: -1, nanoUsd: -1e9 });
  grants.push(false);
  const other = budget.reserve(request(1, WIDE));
  expect(await why(other.secured())).toBe('budget');
  expect(refusal(() => budget.reserve(request(1, WIDE)))).toBeNull(); // what the refused line held is free
  const small = budget.reserve({ ...request(1, { ...WIDE, serverBytesPerDay: 5_000 }, 'h'), bytes: 0 });
  void small.secured();
  expect(asked.at(-1)).toEqual(['h', true]);
});
