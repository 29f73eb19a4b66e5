import type { Translate } from '../../locale/catalogue.ts';
import { shortened } from '../../voices/voice-name.ts';
import { plain } from '../interaction/texts.ts';
import type { Answering } from './answering.ts';
import { withoutInvites } from './invites.ts';

// Makes the text of the message in which `/ask` shows a question and below it the language model's answer, within
// Discord's limits. `growing-message.ts` sends and edits that message, and `answering.ts` gets the answer.

/** Discord's limit for a message, in characters. */
const MAX_CHARACTERS = 2_000;
/** The most characters of a question that are shown above its answer. */
const MAX_QUESTION = 300;

/** Returns a question as it stands above its answer, since only the caller sees what they typed. */
export function quoted(question: string): string {
  return `> ${plain(withoutInvites(shortened(question.trim(), MAX_QUESTION)))}\n`;
}

/**
 * Returns an answer as it is shown below its question, `head`, shortened so that it fits into a message together with
 * `after`, which follows it.
 */
export function shown(head: string, text: string, after = ''): string {
  const whole = withoutInvites(text.trim());
  const room = MAX_CHARACTERS - head.length - after.length;
  return `${head}${whole.length > room ? `${whole.slice(0, room - 1)}…` : whole}${after}`;
}

/**
 * Returns the finished answer as it is shown, with a note when it was stopped or failed. Throws the problem if it is
 * empty.
 */
export function shownWhole(
  head: string,
  { text, stopped, problem }: Pick<Answering, 'problem' | 'stopped' | 'text'>,
  t: Translate,
): string {
  const written = text.trim() !== '';
  if (stopped) return shown(head, text, written ? ` ${t('ask.stopped')}` : t('ask.stopped'));
  if (!problem) return shown(head, text);
  if (!written) throw problem;
  return shown(head, text, `\n-# ${t(problem.key, problem.params)}`);
}
