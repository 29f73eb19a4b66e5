import { holdsBlockedWord } from './blocked-words.ts';
import { cleanCharacters } from './characters.ts';
import { withoutControlTokens } from './control-tokens.ts';
import { NO_WORDS } from './dictionary.ts';
import { spokenLaughter } from './laughter.ts';
import { shorten } from './length.ts';
import { messageWords } from './message-words.ts';
import { isPronounceable } from './pronounceable.ts';
import { calm } from './repetition.ts';
import type { SpeakingRules } from './rules.ts';
import { sayable } from './sayable.ts';
import { withoutTags, withShortTags } from './tags.ts';
import type { Written } from './written.ts';

// Begin here to see how a message becomes the text that Fish Audio is sent: `spoken` is one function, in which each
// line is a stage.

export type { SpeakingRules } from './rules.ts';

/** A text that can be sent to Fish Audio. */
export interface Speakable {
  /** Empty if there is nothing that can be said. */
  readonly text: string;
  /** The UTF-8 bytes of the text, as Fish Audio bills them. */
  readonly bytes: number;
  /** Whether the end had to be left out because the text was too long. */
  readonly cut: boolean;
  /** Whether a blocked word would be said. Then the text is not to be said. */
  readonly blocked: boolean;
}

type Said = Omit<Speakable, 'blocked'>;

const NOTHING: Said = { text: '', bytes: 0, cut: false };

/**
 * Makes speakable text of a message, or of a text as people write it. Entries of the dictionary do not apply where a
 * blocked word would be said by them: by two of them, or by one and the words beside it.
 */
export function speakable(written: Written | string, rules: SpeakingRules): Speakable {
  const isBlocked = ({ text }: Said) => holdsBlockedWord(text, rules.blockedWords ?? []);
  const said = spoken(written, rules);
  if (!isBlocked(said)) return { ...said, blocked: false };
  const plain = spoken(written, { ...rules, dictionary: NO_WORDS });
  return { ...plain, blocked: isBlocked(plain) };
}

/** Each line of this function is one stage. The time that it takes grows linearly with the length. */
function spoken(written: Written | string, rules: SpeakingRules): Said {
  const message = typeof written === 'string' ? { content: written, stickers: [], attachments: [] } : written;
  const words = messageWords(message, rules);
  const pronounced = cleanCharacters(rules.dictionary.apply(words));
  const calmed = calm(spokenLaughter(pronounced, rules.language));
  const directed = rules.tags ? withShortTags(calmed) : withoutTags(calmed, rules.language);
  const harmless = sayable(withoutControlTokens(directed));
  if (!isPronounceable(harmless)) return NOTHING;
  const { text, cut } = shorten(harmless, rules);
  return isPronounceable(text) ? { text, bytes: Buffer.byteLength(text), cut } : NOTHING;
}
