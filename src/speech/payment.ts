import type { Words } from '../fish/pieces.ts';
import { phrase } from '../text/phrases.ts';
import type { Budget, Reservation } from './budget.ts';
import type { Line } from './line.ts';
import type { LiveWords } from './live-words.ts';
import { PaidWords } from './paid-words.ts';

// Holds the bytes of a line before its words go to Fish Audio, which bills them: all at once for written words, and as
// they come for words that are still being written. The caps themselves are in `budget.ts`.

/** Words to say, and the bytes that are held for them. */
export interface Payment {
  readonly words: Words;
  readonly reservation: Reservation;
}

/** Who pays, and of what. */
export interface Payer {
  readonly guildId: string;
  readonly budget: Budget;
}

/** Puts the speaker's name before the first words of a line, if it has to be said. */
export type Opening = (text: string) => string;

/** An answer that is said while it is being written may be as long as this many messages. */
const ANSWER_MESSAGES = 4;

/** Holds the bytes of an admitted line. Throws Unsaid if the bytes or the money of the day are used up. */
export function payFor(line: Line, opening: Opening, payer: Payer): Payment {
  return line.live ? payForLive(line, line.live, opening, payer) : payForWritten(line, opening, payer);
}

/** The words of a line that is already written; their bytes are reserved as a whole. */
export function payForWritten(
  { userId, text, caps }: Pick<Line, 'userId' | 'text' | 'caps'>,
  opening: Opening,
  { guildId, budget }: Payer,
): Payment {
  const words = opening(text);
  const bytes = Buffer.byteLength(words);
  const reservation = budget.reserve({ guildId, userId, bytes, caps });
  budget.addTo({ guildId, userId, bytes: bytes - Buffer.byteLength(text) });
  return { words, reservation };
}

/**
 * The words of a line that is still being written; their bytes are reserved as they come. The bytes of the words that
 * end the line at a cap ("and so on") are reserved first, so that there is always room for them.
 */
function payForLive(
  { userId, language, caps, onFailed }: Line,
  live: LiveWords,
  opening: Opening,
  { guildId, budget }: Payer,
): Payment {
  const ending = phrase(language, 'and-so-on');
  const reservation = budget.reserve({ guildId, userId, bytes: Buffer.byteLength(` ${ending}`), caps });
  const pay = (bytes: number) => {
    budget.admit({ guildId, userId, bytes, caps });
    return reservation.extend(bytes);
  };
  const maxBytes = ANSWER_MESSAGES * caps.messageBytes;
  return {
    words: new PaidWords({ words: live, opening, ending, maxBytes, pay, onCapped: onFailed }),
    reservation,
  };
}
