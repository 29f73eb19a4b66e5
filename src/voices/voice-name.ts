import type { Voice } from '../fish/voices.ts';

/** Discord's limit for what is offered for an option, in characters. */
const MAX_NAME = 100;
const MAX_LANGUAGES = 4;

/** A voice as people see it: `Calm Narrator · en, ja`. */
export function voiceName({ id, title, languages }: Voice): string {
  const shown = languages.length > MAX_LANGUAGES ? [...languages.slice(0, MAX_LANGUAGES), '…'] : languages;
  const after = shown.length > 0 ? ` · ${shown.join(', ')}`.slice(0, MAX_NAME / 2) : '';
  return shortened(title || id, MAX_NAME - after.length) + after;
}

/** The beginning of a text, by whole characters, in at most `max` UTF-16 units. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, max))) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
