import { codeOf, hasWords, type Language, languageOf } from '../../text/language.ts';
import { tellLanguage } from '../../text/tell-language.ts';
import type { Written } from '../../text/written.ts';
import { RecentLanguages, type Writer } from './recent-languages.ts';

// Decides in which language a line is: the one that its words tell (`src/text/tell-language.ts`), or else the one that
// its writer used lately (`recent-languages.ts`), or else the guild's.

/** The language of a line. */
export interface LineLanguage {
  /** The language of what was written, as a code of ISO 639. */
  readonly code: string;
  /** The language of the words that the bot adds: the same one, or the guild's if the bot has no words in it. */
  readonly words: Language;
}

export class LineLanguages {
  readonly #recent = new RecentLanguages();

  /**
   * Returns the language of what somebody wrote. Where it cannot be told it is the one in which they have written
   * lately, or else the guild's, whose locale is given. With `remember` it counts for what they write next.
   */
  of(written: Written | string, writer: Writer, locale: string, remember = false): LineLanguage {
    const guilds = codeOf(locale);
    const told = tellLanguage(written, this.#recent.leanings(writer, guilds));
    const code = told ?? this.#recent.habit(writer) ?? guilds;
    if (remember && told !== undefined) this.#recent.note(writer, told);
    return { code, words: hasWords(code) ? code : languageOf(locale) };
  }
}
