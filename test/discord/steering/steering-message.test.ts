import { expect, test } from 'vitest';
import {
  actionOf,
  isOnNotice,
  isSteeringId,
  noticeRows,
  steeringRows,
  withAct,
} from '../../../src/discord/steering/steering-message.ts';
import { translator, UI_LANGUAGES } from '../../../src/locale/catalogue.ts';
import { checkComponents } from '../../sandbox/discord/component-rules.ts';

const t = translator('en-US');
const AT = 1_790_000_000_000;
const JOINED = 'I read aloud.\nThis voice is made by a computer.';

const labels = (rows: ReturnType<typeof steeringRows>) =>
  rows.flatMap(({ components }) => components.map(one => ('label' in one ? one.label : '')));
const ids = (rows: ReturnType<typeof steeringRows>) =>
  rows.flatMap(({ components }) => components.map(one => ('custom_id' in one ? one.custom_id : '')));

test('the first button pauses, or resumes while the bot is paused', () => {
  expect(labels(steeringRows(false, t))).toEqual(['Pause', 'Skip', 'Stop', 'Queue']);
  expect(labels(steeringRows(true, t))).toEqual(['Resume', 'Skip', 'Stop', 'Queue']);
  expect(ids(steeringRows(false, t)).map(actionOf)).toEqual(['pause', 'skip', 'stop', 'queue']);
  expect(ids(steeringRows(true, t)).map(isOnNotice)).toEqual([false, false, false, false]);
  expect(ids(noticeRows(t)).map(id => [actionOf(id), isOnNotice(id)])).toEqual([['resume', true]]);
});

test('a button of another version is known as one, but does nothing', () => {
  expect(isSteeringId('steer:dance')).toBe(true);
  expect(actionOf('steer:dance')).toBe(null);
  expect(isSteeringId('settings:page')).toBe(false);
});

test('the last act stands below the text, in place of an earlier one', () => {
  const paused = withAct(JOINED, { kind: 'paused', userId: '5', at: AT, count: 0 }, t);
  expect(paused).toBe(`${JOINED}\n-# ⏸️ <@5> paused me <t:1790000000:R>`);
  const stopped = withAct(paused, { kind: 'stopped', userId: '6', at: AT, count: 3 }, t);
  expect(stopped).toBe(`${JOINED}\n-# ⏹️ <@6> stopped me <t:1790000000:R>: 3 lines were dropped`);
  const dropped = withAct(stopped, { kind: 'dropped', userId: '6', at: AT, count: 1 }, t);
  expect(dropped).toBe(`${JOINED}\n-# ⏹️ <@6> dropped a line of their own <t:1790000000:R>`);
  expect(withAct(stopped, null, t)).toBe(JOINED);
});

test.each(UI_LANGUAGES)('Discord takes the buttons in %s', language => {
  const text = translator(language);
  for (const rows of [steeringRows(true, text), steeringRows(false, text), noticeRows(text)])
    checkComponents(rows, { v2: false, fileNames: [], path: [] });
});
