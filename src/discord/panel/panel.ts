import { UserError } from '../../errors.ts';
import type { VoiceLibrary } from '../../voices/library.ts';
import type { Translate } from '../../locale/catalogue.ts';
import { type GuildSettings, settingsIn } from '../../settings.ts';
import type { Store } from '../../store/store.ts';
import type { Answer, ComponentOwner } from '../interaction/answer.ts';
import { listed } from '../interaction/texts.ts';
import type { AnyInteraction, ComponentInteraction } from '../interaction/interaction.ts';
import { customId } from './components.ts';
import { controlsOf, labelOf, PAGES, type Page, WHOLE_GUILD } from './controls.ts';
import { formOf } from './form.ts';
import type { GuildTurns } from '../guild-turns.ts';
import { knownGuild } from '../known-guild.ts';
import type { Wording } from '../presence/notices.ts';
import { readsHistoryOfId, seesId } from '../seeing.ts';
import { checkVoices } from '../voices/voice-check.ts';
import { channelPlain, channelWith, changeOf, type Possibilities } from './values.ts';
import { type PanelPlace, panelView } from './view.ts';

export interface PanelOptions {
  readonly store: Pick<Store, 'guild' | 'problem' | 'saveSettings'>;
  readonly turns: GuildTurns;
  readonly library: Pick<VoiceLibrary, 'isProven' | 'lookUp'>;
  /** Tells something to the caller alone, after the first answer. Never rejects. */
  readonly tell: (interaction: AnyInteraction, what: Wording) => Promise<void>;
}

/**
 * The settings panel: shows the settings of a guild with menus, buttons and forms, and saves at once what people
 * choose. Panels that were opened before a restart still work, because the ids of their components hold all that is
 * needed.
 */
export class Panel implements ComponentOwner {
  readonly name = 'settings panel';
  readonly admin = true;
  readonly #store: Pick<Store, 'guild' | 'problem' | 'saveSettings'>;
  readonly #turns: GuildTurns;
  readonly #library: PanelOptions['library'];
  readonly #tell: PanelOptions['tell'];

  constructor({ store, turns, library, tell }: PanelOptions) {
    this.#store = store;
    this.#turns = turns;
    this.#library = library;
    this.#tell = tell;
  }

  /** Resolves with the panel on its first page. Rejects with a UserError while the database cannot be asked. */
  open(interaction: AnyInteraction, t: Translate): Promise<Answer> {
    return this.#show(interaction, { page: 'overview', channelId: undefined }, t);
  }

  /** Whether a button, menu or form with this custom id belongs to the panel. */
  owns(id: string): boolean {
    return id.startsWith(customId(''));
  }

  /**
   * Does what somebody pressed, chose or typed. Resolves with the panel as it is then, or with null when it has
   * opened a form instead. Rejects with a UserError when a value cannot be used, or the panel is out of date; nothing
   * is saved then.
   */
  answer(interaction: ComponentInteraction, t: Translate): Promise<Answer | null> {
    return this.#turns.take(interaction.guildId, () => this.#answer(interaction, t));
  }

  async #answer(interaction: ComponentInteraction, t: Translate): Promise<Answer | null> {
    const [, action, page = '', setting = '', channelId] = interaction.customId.split(':');
    const chosen = chosenIn(interaction);
    if (action === 'page')
      return this.#show(interaction, { page: pageOf(chosen[0]), channelId: undefined }, t);
    const { settings } = await knownGuild(this.#store, interaction.guildId);
    const isListed = (id: string) => settings.channels.some(channel => channel.id === id);
    if (action === 'for') {
      const [target = WHOLE_GUILD] = chosen;
      if (target !== WHOLE_GUILD && !isListed(target)) throw new UserError('panel.outdated');
      return this.#show(
        interaction,
        { page: pageOf(page), channelId: target === WHOLE_GUILD ? undefined : target },
        t,
      );
    }
    const place = { page: pageOf(page), channelId: channelId || undefined };
    if (channelId && !isListed(channelId)) throw new UserError('panel.outdated');
    if (action === 'plain') return this.#save(interaction, channelPlain(settings, channelId ?? ''), place, t);
    const control = controlsOf(place.page, place.channelId).find(one => one.setting === setting);
    if (!control) throw new UserError('panel.outdated');
    const present = channelId ? settingsIn(settings, channelId) : settings;
    if (action === 'form' && interaction.isMessageComponent()) {
      await interaction.showModal(formOf(present, control, channelId, t));
      return null;
    }
    const change = changeOf(present, control, chosen, possibilities(interaction));
    if (!change) throw new UserError('panel.refused', { setting: t(labelOf(control.setting)) });
    const changed = channelId ? channelWith(settings, channelId, change) : change;
    const { unknown, unchecked } = await checkVoices(this.#library, settings, { ...settings, ...changed });
    const [missing] = unknown;
    if (missing)
      throw new UserError('panel.unknown-voice', { setting: t(labelOf(control.setting)), voice: missing.id });
    const view = await this.#save(interaction, changed, place, t);
    const voices = listed(unchecked.map(({ id }) => id));
    if (voices) void this.#tell(interaction, { key: 'voice.unchecked', params: { voices } });
    return view;
  }

  async #save(
    interaction: AnyInteraction,
    change: Partial<GuildSettings>,
    place: PanelPlace,
    t: Translate,
  ): Promise<Answer> {
    await this.#store.saveSettings(interaction.guildId, change);
    return this.#show(interaction, place, t);
  }

  async #show(interaction: AnyInteraction, { page, channelId }: PanelPlace, t: Translate): Promise<Answer> {
    const { settings } = await knownGuild(this.#store, interaction.guildId);
    const nameOf = (id: string) =>
      (seesId(interaction, id) && interaction.guild.channels.cache.get(id)?.name) || id;
    return { view: panelView(settings, { page, channelId, nameOf }, t) };
  }
}

/**
 * Returns the checks of the values that somebody sends. They are needed because an altered client can send any value,
 * not only those that the panel offers.
 */
function possibilities(interaction: AnyInteraction): Possibilities {
  const isReadable = (channelId: string) => readsHistoryOfId(interaction, channelId);
  return {
    isReadable,
    isHidden: channelId => interaction.guild.channels.cache.has(channelId) && !isReadable(channelId),
    isRole: roleId => interaction.guild.roles.cache.has(roleId),
  };
}

function pageOf(name: string | undefined): Page {
  return PAGES.find(page => page === name) ?? 'overview';
}

function chosenIn(interaction: ComponentInteraction): readonly string[] {
  if (interaction.isModalSubmit()) return [interaction.fields.getTextInputValue('value')];
  return interaction.isAnySelectMenu() ? interaction.values : [];
}
