import type { Guild } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import { type ServerSettings, settingsIn } from '../../settings.ts';
import type { Store } from '../../store/store.ts';
import type { Answer, ComponentOwner, ComponentUse } from '../command.ts';
import { CONTROLS, labelOf, PAGES, type Page, SERVER } from './controls.ts';
import type { GuildTurns } from '../guild-turns.ts';
import { channelPlain, channelWith, changeOf } from './values.ts';
import { customId, formOf, type Place, panelView } from './view.ts';

/** The settings of a server as one panel: what is chosen is saved at once, and it works after a restart too. */
export class Panel implements ComponentOwner {
  readonly name = 'settings panel';
  readonly admin = true;
  readonly #store: Pick<Store, 'server' | 'saveSettings'>;
  readonly #turns: GuildTurns;

  constructor(store: Pick<Store, 'server' | 'saveSettings'>, turns: GuildTurns) {
    this.#store = store;
    this.#turns = turns;
  }

  /** The panel as it opens. */
  open(guild: Guild, t: Translate): Promise<Answer> {
    return this.#show(guild, { page: 'overview', channelId: undefined }, t);
  }

  /** Whether a button, menu or form is this panel's. */
  owns(id: string): boolean {
    return id.startsWith(customId(''));
  }

  /** Does what was pressed, chosen or typed, and shows the panel again. Throws a UserError where it cannot be. */
  answer(use: ComponentUse, t: Translate): Promise<Answer | null> {
    return this.#turns.take(use.guildId, () => this.#answer(use, t));
  }

  async #answer(use: ComponentUse, t: Translate): Promise<Answer | null> {
    const { guild } = use;
    const [, action, page = '', setting = '', channelId] = use.customId.split(':');
    const chosen = chosenIn(use);
    if (action === 'page') return this.#show(guild, { page: pageOf(chosen[0]), channelId: undefined }, t);
    const { settings } = await this.#store.server(guild.id);
    if (action === 'for') {
      const [target] = chosen;
      return this.#show(guild, { page: pageOf(page), channelId: target === SERVER ? undefined : target }, t);
    }
    const place = { page: pageOf(page), channelId: channelId || undefined };
    if (channelId && !settings.channels.some(({ id }) => id === channelId))
      throw new UserError('panel.outdated');
    if (action === 'plain') return this.#save(guild, channelPlain(settings, channelId ?? ''), place, t);
    const control = CONTROLS.find(one => one.page === page && one.setting === setting);
    if (!control) throw new UserError('panel.outdated');
    const present = channelId ? settingsIn(settings, channelId) : settings;
    if (action === 'form' && use.isMessageComponent()) {
      await use.showModal(formOf(present, control, channelId, t));
      return null;
    }
    const change = changeOf(present, control, chosen);
    if (!change) throw new UserError('panel.refused', { setting: t(labelOf(control.setting)) });
    return this.#save(guild, channelId ? channelWith(settings, channelId, change) : change, place, t);
  }

  async #save(guild: Guild, change: Partial<ServerSettings>, place: Place, t: Translate): Promise<Answer> {
    await this.#store.saveSettings(guild.id, change);
    return this.#show(guild, place, t);
  }

  async #show(guild: Guild, { page, channelId }: Place, t: Translate): Promise<Answer> {
    const { settings } = await this.#store.server(guild.id);
    const nameOf = (id: string) => guild.channels.cache.get(id)?.name ?? id;
    return { view: panelView(settings, { page, channelId, nameOf }, t) };
  }
}

function pageOf(name: string | undefined): Page {
  return PAGES.find(page => page === name) ?? 'overview';
}

function chosenIn(use: ComponentUse): readonly string[] {
  if (use.isModalSubmit()) return [use.fields.getTextInputValue('value')];
  return use.isAnySelectMenu() ? use.values : [];
}
