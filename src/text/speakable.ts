import { cleanCharacters } from './characters.ts';
import { withoutControlTokens } from './control-tokens.ts';
import { spokenLaughter } from './laughter.ts';
import { shorten } from './length.ts';
import { messageWords } from './message.ts';
import { isPronounceable } from './pronounceable.ts';
import { calm } from './repetition.ts';
import type { SpeakingRules } from './rules.ts';
import { withoutTags, withShortTags } from './tags.ts';
import type { Written } from './written.ts';

export type { SpeakingRules } from './rules.ts';

export interface Speakable {
  /** Empty when there is nothing that could be said. */
  readonly text: string;
  /** Of UTF-8, as Fish Audio bills them. */
  readonly bytes: number;
  /** The end had to be left out. */
  readonly cut: boolean;
}

const NOTHING: Speakable = { text: '', bytes: 0, cut: false };

/** What is said of what is written: the stages of the way, one after another. Time grows with length only. */
export function speakable(written: Written | string, rules: SpeakingRules): Speakable {
  const message = typeof written === 'string' ? { content: written, stickers: [], attachments: [] } : written;
  const words = messageWords(message, rules);
  const pronounced = cleanCharacters(rules.dictionary.apply(words));
  const calmed = calm(spokenLaughter(pronounced, rules.language));
  const directed = rules.tags ? withShortTags(calmed) : withoutTags(calmed, rules.language);
  const harmless = withoutControlTokens(directed);
  if (!isPronounceable(harmless)) return NOTHING;
  const { text, cut } = shorten(harmless, rules);
  return isPronounceable(text) ? { text, bytes: Buffer.byteLength(text), cut } : NOTHING;
}
