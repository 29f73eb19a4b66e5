import type { Translate } from '../../locale/catalogue.ts';
import { shortened } from '../../shortened.ts';
import { plain, withoutHalf } from '../interaction/texts.ts';
import type { Answering } from './answering.ts';
import { withoutInvites } from './invites.ts';
import { shownPart } from './shown-part.ts';

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

/** Returns a part of an answer, which is not whole, as it is shown below its question, `head`. */
export function shown(head: string, text: string): string {
  return below(head, text, { goesOn: true });
}

/**
 * Returns an answer below its question, shortened so that it fits into a message together with `after`, which follows
 * it. With `goesOn` the answer is not whole.
 */
function below(
  head: string,
  text: string,
  { after = '', goesOn }: { after?: string; goesOn: boolean },
): string {
  const room = MAX_CHARACTERS - head.length - after.length;
  return `${head}${shownPart(withoutInvites(withoutHalf(text).trim()), room, { goesOn })}${after}`;
}

/**
 * Returns the finished answer as it is shown, with a note when it was stopped, failed, or was not said as a whole.
 * Throws the problem if it is empty.
 */
export function shownWhole(
  head: string,
  { text, stopped, problem, leftOut }: Pick<Answering, 'leftOut' | 'problem' | 'stopped' | 'text'>,
  t: Translate,
): string {
  const written = text.trim() !== '';
  if (stopped) return below(head, text, { after: `${written ? ' ' : ''}${t('ask.stopped')}`, goesOn: true });
  if (problem && !written) throw problem;
  const notes = [
    ...(problem ? [t(problem.key, problem.params)] : []),
    ...(leftOut ? [t('ask.left-out')] : []),
  ];
  return below(head, text, { after: notes.map(note => `\n-# ${note}`).join(''), goesOn: problem !== null });
}
