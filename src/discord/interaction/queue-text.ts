import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import { durationIn } from '../../locale/numbers.ts';
import { shortened } from '../../shortened.ts';
import type { Line } from '../../speech/line.ts';
import type { Session } from '../../speech/session.ts';
import type { Callers } from './callers.ts';
import type { AnyInteraction } from './interaction.ts';
import type { StatusReport } from './status-report.ts';
import { plain } from './texts.ts';
import { unheardWords } from './when-heard.ts';

// Writes what `/queue` shows: the line that is being said and those that wait. The queue itself is in
// `src/speech/queue.ts`; `when-heard.ts` tells callers when their own line will be heard.

/** What `/queue` has to know. */
export interface QueueFacts {
  readonly callers: Callers;
  readonly status: () => StatusReport;
}

/** Discord allows 2,000 characters in a message. The difference is room for the sentences after the listed lines. */
const MAX_CHARACTERS = 1_850;
/** How much of a line is shown, in UTF-16 units. */
const MAX_LINE = 80;

/**
 * Returns what `/queue` shows to a caller: which line is being said, which come next, who said each, about how long it
 * takes, and why nothing is heard if that is so. Throws a UserError for callers who do not see the bot's voice channel:
 * they are not told who is there.
 */
export function queueText(
  interaction: AnyInteraction,
  { callers, status }: QueueFacts,
  t: Translate,
): string {
  const session = callers.session(interaction);
  const listens = callers.listens(interaction);
  if (session && !listens && !callers.sees(interaction, session.channelId))
    throw new UserError('listeners-unseen');
  const { current, waiting } = session?.conversation.lines ?? { current: null, waiting: [] };
  const paused = session?.paused ? [t('queue.paused')] : [];
  if (!current && waiting.length === 0) return [...paused, t('queue.empty')].join('\n');
  const lines = [...paused, ...unheard(session, status(), t)];
  if (current) lines.push(t('queue.now', { line: shownLine(current, listens, t) }));
  for (const [index, line] of waiting.entries()) {
    const next = `${index + 1}. ${shownLine(line, listens, t)}`;
    if (lines.join('\n').length + next.length > MAX_CHARACTERS) {
      lines.push(t('queue.more', { count: waiting.length - index }));
      break;
    }
    lines.push(next);
  }
  const seconds = Math.max(1, session?.conversation.secondsLeft ?? 0);
  lines.push(t('queue.lasts', { time: durationIn(interaction.locale, seconds) }));
  return lines.join('\n');
}

/** Why nothing of the queue is heard now, apart from a pause: one text, or none. */
function unheard(session: Session | undefined, { fish }: StatusReport, t: Translate): readonly string[] {
  const here = session ? unheardWords(session, t) : [];
  if (here.length > 0) return here;
  return fish.outage ? [t('queue.outage', { cause: [`cause.${fish.outage.trouble}`] })] : [];
}

/**
 * Returns how one line is shown, shortened if it is long. Callers who are not in the bot's voice channel see only whose
 * it is, as its words may be from a channel that is hidden from them.
 */
export function shownLine(line: Pick<Line, 'name' | 'text'>, listens: boolean, t: Translate): string {
  const name = `**${plain(line.name)}**`;
  if (!listens) return name;
  return t('named', { name, value: plain(shortened(line.text, MAX_LINE)) });
}
