import { localisations, type MessageKey, translator } from '../../locale/catalogue.ts';

// Makes the descriptions of commands and options from the catalogues of texts, in the form that Discord expects:
// English, with the translations beside it. `command.ts` and `options.ts` use it.

/** Translates into English, which Discord shows to people whose language has no translation. */
export const english = translator('en');

/**
 * Returns the description of a command or option in all languages, as the fields that Discord expects. `key` is its
 * key in the catalogues, such as `command.say.text`.
 */
export function described(key: string): {
  description: string;
  description_localizations: Record<string, string>;
} {
  const known = key as MessageKey; // A test checks that the catalogue has a text for every command and option.
  return { description: english(known), description_localizations: localisations(known) };
}
