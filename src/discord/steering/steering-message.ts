import { ButtonStyle } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { Row } from '../interaction/answer.ts';
import { button, buttonRow } from '../interaction/buttons.ts';

// Makes the steering buttons (pause, resume, skip, stop, queue), and the small last line of a message that tells who
// has paused, skipped or stopped the speech. `shown-steering.ts` puts them into messages, and `steering-buttons.ts`
// answers presses.

/** The custom ids of the steering buttons begin with this. */
const PREFIX = 'steer';

/** What the buttons below the answer to `/join` do: the same as the commands of these names. */
const STEERING_ACTIONS = ['pause', 'resume', 'skip', 'stop', 'queue'] as const;
export type SteeringAction = (typeof STEERING_ACTIONS)[number];

const EMOJI: Readonly<Record<SteeringAction, string>> = {
  pause: '⏸️',
  resume: '▶️',
  skip: '⏭️',
  stop: '⏹️',
  queue: '📜',
};

/**
 * What somebody last did to the speech. Everybody in the channel may know it, as it explains why it is silent. Somebody
 * who `dropped` lines has stopped only their own, and the bot goes on with the others.
 */
export interface Act {
  readonly kind: 'paused' | 'skipped' | 'stopped' | 'dropped';
  readonly userId: string;
  /** In milliseconds since 1970. */
  readonly at: number;
  /** How many messages were dropped; 0 where none was. */
  readonly count: number;
}

/** Whether a custom id is that of a steering button. */
export function isSteeringId(customId: string): boolean {
  return customId.startsWith(`${PREFIX}:`);
}

/** What a steering button does, by its custom id; null if this version does not know it. */
export function actionOf(customId: string): SteeringAction | null {
  const [, name] = customId.split(':');
  return STEERING_ACTIONS.find(action => action === name) ?? null;
}

/**
 * Returns the buttons that stand below the answer to `/join`. They hold no state, so they work for everybody and after
 * a restart.
 */
export function steeringRows(paused: boolean, t: Translate): readonly Row[] {
  const first = paused ? steeringButton('resume', t, ButtonStyle.Success) : steeringButton('pause', t);
  return [buttonRow(first, steeringButton('skip', t), steeringButton('stop', t), steeringButton('queue', t))];
}

/** The custom id of the button below the notice of a pause. */
const NOTICE_ID = `${PREFIX}:resume:notice`;

/** Returns the button that stands below the notice of a pause. */
export function noticeRows(t: Translate): readonly Row[] {
  return [buttonRow({ ...steeringButton('resume', t, ButtonStyle.Success), custom_id: NOTICE_ID })];
}

/** Whether a custom id is that of the button below the notice of a pause. */
export function isOnNotice(customId: string): boolean {
  return customId === NOTICE_ID;
}

function steeringButton(
  action: SteeringAction,
  t: Translate,
  style: ButtonStyle.Secondary | ButtonStyle.Success = ButtonStyle.Secondary,
) {
  return button(`${PREFIX}:${action}`, t(`steer.${action}`), { style, emoji: EMOJI[action] });
}

/** The line with the last act begins with this, which makes Discord show it small. */
const SMALL = '-# ';
const ACT_EMOJI: Readonly<Record<Act['kind'], string>> = {
  paused: EMOJI.pause,
  skipped: EMOJI.skip,
  stopped: EMOJI.stop,
  dropped: EMOJI.stop,
};

/** Returns the text of a message with steering buttons, with `act` as its last line in place of an earlier act. */
export function withAct(text: string, act: Act | null, t: Translate): string {
  const lines = text.split('\n').filter(line => !line.startsWith(SMALL));
  if (!act) return lines.join('\n');
  const { kind, userId, at, count } = act;
  const when = `<t:${Math.floor(at / 1_000)}:R>`;
  const told = t(`act.${kind}`, { who: `<@${userId}>`, when, count });
  return [...lines, `${SMALL}${ACT_EMOJI[kind]} ${told}`].join('\n');
}
