import { type APIComponentInContainer, ButtonStyle, ComponentType } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import { shortened } from '../../shortened.ts';
import { languageName } from '../../voices/languages.ts';
import type { Voice } from '../../voices/library.ts';
import { anyLine } from '../../voices/sample-line.ts';
import { button, buttonRow } from '../interaction/buttons.ts';
import { plain } from '../interaction/texts.ts';

// Draws voices for `/voice search` and for the settings panel: each with its picture, its title, a sample of what it
// says, and buttons to hear and to choose it. `search.ts` answers the buttons, and in the panel `panel/voice-picks.ts`.

/** How many voices a page shows. Discord allows 40 components in a message, and each voice takes six. */
export const PAGE_SIZE = 5;
/** The custom ids of the buttons of voices begin with this. */
const PREFIX = 'voices';
const MAX_TITLE = 100;
const MAX_LANGUAGES = 6;

/** Makes the custom id of a button. It holds all that the button needs, so that it still works after a restart. */
export const searchId = (...parts: readonly string[]) => [PREFIX, ...parts].join(':');

/**
 * Returns voices as Discord shows them (Discord, "Components V2"). Each has its picture, title, languages and a sample
 * text, and buttons to hear it and to choose it. `takeId` makes the custom id of the button that chooses a voice.
 */
export function voiceCards(
  voices: readonly Voice[],
  takeId: (voiceId: string) => string,
  t: Translate,
): APIComponentInContainer[] {
  return voices.flatMap(voice => [
    withCover(voice, about(voice, t)),
    buttonRow(
      button(searchId('hear', voice.id), t('voice.search.hear')),
      button(takeId(voice.id), t('voice.search.take'), { style: ButtonStyle.Primary }),
    ),
  ]);
}

/** Returns a text with the picture of a voice beside it; only the text when the voice has none, or is not known. */
export function withCover(voice: Voice | undefined, content: string): APIComponentInContainer {
  const text = { type: ComponentType.TextDisplay as const, content };
  if (!voice?.cover) return text;
  return {
    type: ComponentType.Section,
    components: [text],
    accessory: {
      type: ComponentType.Thumbnail,
      media: { url: voice.cover },
      description: shortened(voice.title || voice.id, MAX_TITLE),
    },
  };
}

function about(voice: Voice, t: Translate): string {
  const { id, title, languages, likes } = voice;
  const spoken = languages.slice(0, MAX_LANGUAGES).map(code => languageName(code, t.locale));
  const facts = [...(spoken.length > 0 ? [spoken.join(', ')] : []), t('voice.search.likes', { likes })];
  const line = anyLine(voice);
  return [
    `**${plain(shortened(title || id, MAX_TITLE))}**`,
    plain(facts.join(' · ')),
    ...(line ? [`> ${plain(line)}`] : []),
  ].join('\n');
}
