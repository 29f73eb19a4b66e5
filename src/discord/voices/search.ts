import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { VoiceLibrary } from '../../voices/library.ts';
import type { Answer, ComponentOwner } from '../interaction/answer.ts';
import type { AnyInteraction, ComponentInteraction } from '../interaction/interaction.ts';
import { beginningOf } from '../interaction/texts.ts';
import type { VoiceChoice } from './choice.ts';
import type { OwnVoices } from './own-voices.ts';
import type { Previews } from './preview.ts';
import { MAX_QUERY, searchView } from './search-view.ts';
import { PAGE_SIZE, searchId } from './voice-cards.ts';

// Carries out `/voice search`, which shows the voices that Fish Audio finds, and answers the buttons below them; also
// the button "Hear" below voices in the settings panel. `search-view.ts` draws a page, `voice-cards.ts` a single voice.

export interface VoiceSearchOptions {
  readonly library: VoiceLibrary;
  readonly voices: Pick<VoiceChoice, 'checkedId'>;
  readonly ownVoices: Pick<OwnVoices, 'take' | 'sheet'>;
  readonly previews: Previews;
}

/** It keeps no state, because the ids of the buttons hold all that is needed. */
export class VoiceSearch implements ComponentOwner {
  readonly name = 'voice search';
  readonly #options: VoiceSearchOptions;

  constructor(options: VoiceSearchOptions) {
    this.#options = options;
  }

  owns(customId: string): boolean {
    return customId.startsWith(searchId(''));
  }

  /** Resolves with one page of the voices that fit `query`. The first page is 1. */
  async open(interaction: AnyInteraction, query: string, page: number, t: Translate): Promise<Answer> {
    const wanted = beginningOf(query.trim(), MAX_QUERY);
    const found = await this.#options.library.page(wanted, page, PAGE_SIZE);
    return { view: searchView({ query: wanted, page, ...found }, t) };
  }

  /** Does what a pressed button asks for. Rejects with a UserError when that cannot be done. */
  async answer(interaction: ComponentInteraction, t: Translate): Promise<Answer> {
    const [, action, what = '', ...rest] = interaction.customId.split(':');
    const { voices, ownVoices, previews } = this.#options;
    if (action === 'page')
      return await this.open(interaction, rest.join(':'), Math.max(1, Number(what) || 1), t);
    const voice = await voices.checkedId(interaction, what);
    if (action === 'hear') return await previews.hear(interaction, { voice, text: undefined }, t);
    if (action !== 'take') throw new UserError('panel.outdated');
    await ownVoices.take(interaction, voice);
    return `${t('voice.set')}\n${await ownVoices.sheet(interaction, t)}`;
  }
}
