import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import { type GuildSettings, settingsIn } from '../../settings/guild.ts';
import type { Store } from '../../store/store.ts';
import type { GuildTurns } from '../guild-turns.ts';
import type { Answer, ComponentOwner } from '../interaction/answer.ts';
import type { AnyInteraction, ComponentInteraction } from '../interaction/interaction.ts';
import { knownGuild } from '../known-guild.ts';
import { readsHistoryOfId } from '../seeing.ts';
import { customId } from './components.ts';
import { type Group, groupsOf, PAGES, type Page, WHOLE_GUILD } from './pages.ts';
import { OpenForms } from './open-forms.ts';
import { type Possibilities, presentIn, withChoices } from './typed.ts';
import { formOf, typedIn } from './form.ts';
import { learnNames, panelWords, type WordsOptions } from './panel-words.ts';
import { channelPlain, channelWith, readForm } from './read-form.ts';
import { type SettingsChange, settingsChange } from './settings-change.ts';
import { type FailedForm, type PanelPlace, panelView } from './view.ts';
import { VoicePicks, type VoicePicksOptions } from './voice-picks.ts';

export interface PanelOptions extends WordsOptions, Omit<VoicePicksOptions, 'change' | 'words' | 'library'> {
  readonly store: Pick<Store, 'guild' | 'problem' | 'saveSettings'>;
  readonly library: WordsOptions['library'] & VoicePicksOptions['library'];
  /** In each guild, changes of settings are made one after another. */
  readonly turns: GuildTurns;
}

/** A use of the panel, read from the custom id of what was pressed, chosen or sent in. */
interface Use {
  readonly action: string;
  readonly page: Page;
  /** The name of a group of settings; an empty text for uses that are about none. */
  readonly group: string;
  readonly channelId: string | undefined;
  /** The name of an open form; an empty text for all else. */
  readonly form: string;
}

/**
 * The settings panel: shows the settings of a guild with menus, buttons and forms, and saves what people choose.
 * Panels that were opened before a restart still work, because the ids of their components hold all that is needed.
 */
export class Panel implements ComponentOwner {
  readonly name = 'settings panel';
  readonly admin = true;
  readonly #options: PanelOptions;
  readonly #forms = new OpenForms();
  readonly #picks: VoicePicks;
  readonly #change: SettingsChange;

  constructor(options: PanelOptions) {
    this.#options = options;
    this.#change = settingsChange(options.store, options.turns);
    const words = (interaction: AnyInteraction, t: Translate) => panelWords(interaction, options, t);
    this.#picks = new VoicePicks({ ...options, words, change: this.#change });
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
   * opened a form instead. Rejects with a UserError when something cannot be used, or the panel is out of date;
   * nothing is saved then.
   */
  async answer(interaction: ComponentInteraction, t: Translate): Promise<Answer | null> {
    const { settings } = await knownGuild(this.#options.store, interaction.guildId);
    const picked = await this.#picks.answer(interaction, settings, t);
    if (picked === null) return null;
    if (picked && 'view' in picked) return picked;
    if (picked) return this.#show(interaction, picked, t);
    const use = useOf(interaction.customId);
    const [chosen = ''] = interaction.isAnySelectMenu() ? interaction.values : [];
    const isListed = (id: string) => settings.channels.some(channel => channel.id === id);
    if (use.action === 'page')
      return this.#show(interaction, { page: pageOf(chosen), channelId: undefined }, t);
    if (use.action === 'for') {
      if (chosen !== WHOLE_GUILD && !isListed(chosen)) throw new UserError('panel.outdated');
      const channelId = chosen === WHOLE_GUILD ? undefined : chosen;
      return this.#show(interaction, { page: use.page, channelId }, t);
    }
    if (use.channelId !== undefined && !isListed(use.channelId)) throw new UserError('panel.outdated');
    if (use.action === 'open') return this.#show(interaction, use, t);
    if (use.action === 'plain') {
      await this.#change(interaction.guildId, held => channelPlain(held, use.channelId ?? ''));
      return this.#show(interaction, use, t);
    }
    const group = groupsOf(use.page, use.channelId).find(({ name }) => name === use.group);
    if (!group) throw new UserError('panel.outdated');
    if (use.action === 'typed' && interaction.isModalSubmit())
      return this.#save(interaction, { ...use, group }, t);
    if ((use.action !== 'form' && use.action !== 'again') || !interaction.isMessageComponent())
      throw new UserError('panel.outdated');
    const before = use.action === 'again' ? this.#forms.get(use.form) : undefined;
    const present = inPlace(settings, use.channelId);
    const opened = before?.opened ?? presentIn(group, present, possibilities(interaction), t);
    const typed = before?.typed ?? opened;
    const id = customId(
      'typed',
      use.page,
      group.name,
      use.channelId ?? '',
      this.#forms.keep({ opened, typed }),
    );
    const { usdPerMillionBytes } = this.#options;
    await interaction.showModal(formOf(group, typed, id, { t, usdPerMillionBytes }));
    return null;
  }

  /** Saves a form that was sent in. If any value in it is wrong it saves nothing, and the panel says what is wrong. */
  async #save(
    interaction: ComponentInteraction,
    { group, channelId, ...use }: Omit<Use, 'group'> & { readonly group: Group },
    t: Translate,
  ): Promise<Answer> {
    const possible = possibilities(interaction);
    const { usdPerMillionBytes } = this.#options;
    let failed: FailedForm | undefined;
    await this.#change(interaction.guildId, held => {
      const settings = inPlace(held, channelId);
      const opened = this.#forms.get(use.form)?.opened ?? presentIn(group, settings, possible, t);
      const typed = { ...opened, ...withChoices(group, typedIn(interaction)) };
      const words = { t, usdPerMillionBytes };
      const { change, problems } = readForm({ group, opened, typed, settings, possible, words });
      if (problems.length === 0) {
        const isChanged = Object.keys(change).length > 0;
        return channelId === undefined || !isChanged ? change : channelWith(held, channelId, change);
      }
      const form = this.#forms.keep({ opened, typed });
      failed = { problems, againId: customId('again', use.page, group.name, channelId ?? '', form) };
      return {};
    });
    return this.#show(interaction, { page: use.page, channelId }, t, failed);
  }

  async #show(
    interaction: AnyInteraction,
    { page, channelId }: PanelPlace,
    t: Translate,
    failed?: FailedForm,
  ): Promise<Answer> {
    const { settings } = await knownGuild(this.#options.store, interaction.guildId);
    await learnNames(settings, this.#options);
    return {
      view: panelView(settings, { page, channelId }, panelWords(interaction, this.#options, t), failed),
    };
  }
}

/** Returns the settings that hold in a channel, or in the whole guild (undefined). */
function inPlace(settings: GuildSettings, channelId: string | undefined): GuildSettings {
  return channelId === undefined ? settings : settingsIn(settings, channelId);
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

function useOf(id: string): Use {
  const [, action = '', page = '', group = '', channelId = '', form = ''] = id.split(':');
  // The button that goes back has the channel in the place of the group.
  const channel = action === 'open' ? group : channelId;
  return { action, page: pageOf(page), group, channelId: channel === '' ? undefined : channel, form };
}

function pageOf(name: string): Page {
  return PAGES.find(page => page === name) ?? 'overview';
}
