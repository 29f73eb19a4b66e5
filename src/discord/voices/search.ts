import { UserError } from '../../errors.ts';
import type { VoiceLibrary } from '../../library/library.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { Answer, ComponentOwner, ComponentUse } from '../command.ts';
import type { AnyUse, CommandContext } from '../context.ts';
import { MAX_QUERY, PAGE_SIZE, searchId, searchView } from './search-view.ts';

/** The library's pages, and what their buttons do. It keeps nothing: all of it stands in the buttons' ids. */
export class VoiceSearch implements ComponentOwner {
  readonly name = 'voice search';
  readonly #library: VoiceLibrary;
  readonly #context: Pick<CommandContext, 'voices' | 'preview'>;

  constructor(library: VoiceLibrary, context: Pick<CommandContext, 'voices' | 'preview'>) {
    this.#library = library;
    this.#context = context;
  }

  owns(customId: string): boolean {
    return customId.startsWith(searchId(''));
  }

  /** A page of the voices that fit `query`, from 1. */
  async open(use: AnyUse, query: string, page: number, t: Translate): Promise<Answer> {
    const wanted = query.trim().slice(0, MAX_QUERY);
    const found = await this.#library.page(wanted, page, PAGE_SIZE);
    return { view: searchView({ query: wanted, page, ...found }, use.locale, t) };
  }

  /** A button was pressed. Throws a UserError where it cannot be done. */
  async answer(use: ComponentUse, t: Translate): Promise<Answer> {
    const [, action, what = '', ...rest] = use.customId.split(':');
    const { voices } = this.#context;
    if (action === 'page') return await this.open(use, rest.join(':'), Math.max(1, Number(what) || 1), t);
    const voice = await voices.checked(use, what);
    if (action === 'hear') return await this.#context.preview(use, { voice, text: undefined }, t);
    if (action !== 'take') throw new UserError('panel.outdated');
    await voices.take(use, voice);
    return t('voice.set', { voice: voices.shown(voice) });
  }
}
