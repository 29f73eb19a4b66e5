import type { ChatMessage } from './llm/chat-request.ts';

export const DEFAULT_QUESTION = 'Why is the sea salty?';

const SALT =
  'Most of the salt comes from rocks on land. Rain wears them away, and rivers carry it down to the sea. ' +
  'Water leaves the sea again as vapour, but the salt stays, and so there is a little more of it each year.';

/** What the sandbox's language model says: it knows one thing, and says so where it is asked for another. */
export function cannedAnswer(messages: readonly ChatMessage[]): string {
  const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  return /\b(?:salty?|sea)\b/iu.test(question)
    ? SALT
    : "I am only the sandbox's model, and I know one thing: why the sea is salty.";
}
