import type { Voice } from '../fish/voices.ts';
import { shortened } from '../shortened.ts';

// Names a voice so that people can read it.

/** The most characters of a choice that Discord offers for an option. */
const MAX_NAME = 100;
const MAX_LANGUAGES = 4;

/** The name of a voice as people see it, such as `Calm Narrator · en, ja`. */
export function voiceName({ id, title, languages }: Voice): string {
  const shown = languages.length > MAX_LANGUAGES ? [...languages.slice(0, MAX_LANGUAGES), '…'] : languages;
  const after = shown.length > 0 ? ` · ${shown.join(', ')}`.slice(0, MAX_NAME / 2) : '';
  return shortened(title || id, MAX_NAME - after.length) + after;
}
