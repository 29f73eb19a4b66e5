import type { Voice } from '../fish/voices.ts';

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

/** The text if it has at most `max` UTF-16 units; else its beginning with "…", cut between whole characters. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, max))) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
