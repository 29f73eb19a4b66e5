import { localisations, type MessageKey, translator } from '../../locale/catalogue.ts';

/** What Discord shows where it has no translation. */
export const english = translator('en');

/** The description of a command or option, in all languages, from the catalogues: `command.say.text`. */
export function described(key: string): {
  description: string;
  description_localizations: Record<string, string>;
} {
  const known = key as MessageKey; // a test holds the catalogue against all commands
  return { description: english(known), description_localizations: localisations(known) };
}
