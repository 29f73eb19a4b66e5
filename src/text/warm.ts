import { spokenName } from './announcement.ts';
import { NO_WORDS } from './dictionary.ts';
import { speakable } from './speakable.ts';
import { tellLanguage } from './tell-language.ts';

// Goes once through all that `src/text/` does when the process starts, so that the first real message does not have to
// wait.

const EVERYTHING =
  'Hé, <@1> **is** <t:0:R> at https://example.com 😂 (so)… [ok] ああああw 555 ㅋㅋ kkk hhh ① ｶ ~~x~~ <b>y</b> 3 > 2\n' +
  '- ok :smile: 1️⃣ 🇦 🇧 (^o^) :) <3 `a` or `b` | ★ | → a_b don’t\n/\\_/\\\n|--|\n123e4567-e89b-12d3-a456-426614174000';

/** Words that are in no list, so that the detector of languages is asked. */
const UNKNOWN = 'tenacious gnomes';

/**
 * Makes one message speakable, so that all patterns are compiled and all words are read. That takes some tens of
 * milliseconds, which would block the event loop while others speak.
 */
export function warmText(): void {
  tellLanguage(UNKNOWN);
  const names = { user: () => spokenName('Ana 🐟'), role: () => undefined, channel: () => undefined };
  const limits = { maxBytes: 40, maxSeconds: 60, speed: 1 };
  const manner = { language: 'en', emoji: 'name', links: 'site', tags: false, dictionary: NO_WORDS } as const;
  speakable(EVERYTHING, { ...manner, ...limits, names, now: 0 });
}
