import { expect, test } from 'vitest';
import { nextStep, type StatusFacts } from '../../../src/discord/presence/status-plan.ts';

const GUILD = '1';
const [HERE, THERE] = ['10', '20'];
const OURS = 'reads #general · /optout';

function step(facts: Partial<StatusFacts> & { readonly status?: string | null } = {}) {
  const { status, ...others } = facts;
  return nextStep({
    guildId: GUILD,
    wanted: { channelId: HERE, text: OURS },
    shown: null,
    leftAlone: null,
    now: () => status,
    isOurs: text => text === OURS,
    ...others,
  });
}

const shown = (was: string | null = null) => ({ guildId: GUILD, channelId: HERE, ours: OURS, was });

test.each([null, 'Game night', undefined])('it is shown, and what was there (%j) is remembered', status => {
  expect(step({ ...(status !== undefined && { status }) })).toEqual({
    kind: 'show',
    shown: shown(status ?? null),
  });
});

test('nothing is done while it is shown as it should be, or should not be shown', () => {
  expect(step({ shown: shown(), status: OURS })).toBeNull();
  expect(step({ wanted: null, status: 'Game night' })).toBeNull();
});

test('another text takes the place of the bot’s own, and what was there before them stays remembered', () => {
  const wanted = { channelId: HERE, text: 'reads this chat · /optout' };
  expect(step({ shown: shown('Game night'), wanted, status: OURS })).toEqual({
    kind: 'show',
    shown: { ...shown('Game night'), ours: wanted.text },
  });
});

test.each([null, 'Game night'])('leaving, it is again what it was (%j)', was => {
  const back = { kind: 'take back', channelId: HERE, status: was };
  expect(step({ shown: shown(was), wanted: null, status: OURS })).toEqual(back);
  expect(step({ shown: shown(was), wanted: null }), 'where nobody told otherwise').toEqual(back);
  expect(step({ shown: shown(was), wanted: { channelId: THERE, text: OURS }, status: OURS })).toEqual(back);
});

test.each([null, 'Movie night'])('what somebody has changed it to (%j) is left alone', status => {
  for (const wanted of [null, { channelId: HERE, text: OURS }, { channelId: THERE, text: OURS }])
    expect(step({ shown: shown('Game night'), wanted, status })).toEqual({ kind: 'forget', leftAlone: HERE });
  expect(step({ leftAlone: HERE, status })).toBeNull();
  expect(step({ leftAlone: THERE, status })).toMatchObject({ kind: 'show' });
});

test('a former text of the bot’s own, told late, is nobody’s change', () => {
  const late = { ...shown(), ours: 'reads this chat · /optout' };
  const wanted = { channelId: HERE, text: late.ours };
  expect(step({ shown: late, wanted, status: OURS })).toBeNull();
});
