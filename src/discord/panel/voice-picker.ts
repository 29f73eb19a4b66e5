import { type APIMessageTopLevelComponent, ComponentType } from 'discord.js';
import { languageName } from '../../voices/languages.ts';
import type { Voice } from '../../voices/library.ts';
import { button, buttonRow } from '../interaction/buttons.ts';
import { plain } from '../interaction/texts.ts';
import { foundInWords, pagesOf } from '../voices/search-view.ts';
import { voiceCards } from '../voices/voice-cards.ts';
import { customId, text } from './components.ts';
import type { PanelWords } from './panel-words.ts';
import { pageOfSlot, slotName, type VoiceSlot } from './voice-slots.ts';

// Draws the view of the settings panel in which somebody chooses a voice for a slot, which is a place in the settings
// where a voice stands (`voice-slots.ts`). `voice-picks.ts` finds the voices and answers the clicks.

/** A page of voices from which somebody chooses one for a place in the settings. */
export interface Picking {
  readonly slot: VoiceSlot;
  /** The voice that stands there now; null when there is none. */
  readonly present: string | null;
  /** What was looked for; an empty text shows the most liked voices. */
  readonly query: string;
  /** The number of the page, from 1. */
  readonly page: number;
  readonly total: number;
  readonly voices: readonly Voice[];
  /** Whether they are from memory alone, since Fish Audio was not asked or did not answer. */
  readonly fromMemory: boolean;
}

/**
 * Returns the panel while somebody chooses a voice: what was found, and buttons to search, to turn pages and to go
 * back.
 */
export function pickerView(
  { slot, present, query, page, total, voices, fromMemory }: Picking,
  words: PanelWords,
): readonly APIMessageTopLevelComponent[] {
  const { t } = words;
  const name = slotName(slot);
  const pages = pagesOf(total);
  const turn = (to: number) => customId('turn', name, String(to), query);
  const now = present === null ? t('setting.voice.none') : words.voice(present);
  const found = foundInWords({ page, total, voices, fromMemory }, t);
  const heading = [
    `## ${slotLabel(slot, words)}`,
    ...(slot.kind === 'newcomer' ? [] : [t('panel.voice-now', { voice: now })]),
    `-# ${query === '' ? '' : `${t('voice.search.title', { query: plain(query) })} · `}${found}`,
  ];
  return [
    {
      type: ComponentType.Container,
      components: [
        text(heading.join('\n')),
        ...voiceCards(voices, id => customId('v', name, id), t),
        { type: ComponentType.Separator },
        buttonRow(
          button(customId('find', name), t('panel.search')),
          button(turn(page - 1), t('voice.search.previous'), { disabled: page <= 1 }),
          button(turn(page + 1), t('voice.search.next'), { disabled: page >= pages }),
          button(customId('none', name), t('panel.standard'), { disabled: present === null }),
          button(customId('open', pageOfSlot(slot), slot.kind === 'channel' ? slot.id : ''), t('panel.back')),
        ),
      ],
    },
  ];
}

/** Returns the name of the place for which a voice is chosen. */
function slotLabel({ kind, id }: VoiceSlot, { t, channel, bot }: PanelWords): string {
  switch (kind) {
    case 'server':
      return t('setting.voice');
    case 'channel':
      return t('named', { name: t('setting.voice'), value: channel(id) });
    case 'language':
      return t('named', { name: t('setting.voices'), value: languageName(id, t.locale) });
    case 'newcomer':
      return t('setting.newcomerVoices');
    case 'bot':
      return t('named', { name: t('setting.botVoices'), value: bot(id) });
  }
}
