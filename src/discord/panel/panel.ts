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
import { formOf, typedIn } from './form.ts';
import { checkListed } from './listed-channel.ts';
import { OpenForms } from './open-forms.ts';
import { channelPartIn, type Group, groupsOf, PAGES, type Page, WHOLE_GUILD } from './pages.ts';
import { learnNames, panelWords, type WordsOptions } from './panel-words.ts';
import { channelPlain, channelWith, readForm } from './read-form.ts';
import { type SettingsChange, settingsChange } from './settings-change.ts';
import { type Possibilities, presentIn, withChoices } from './typed.ts';
import { type FailedForm, type PanelPlace, panelView } from './view.ts';
import { VoicePicks, type VoicePicksOptions } from './voice-picks.ts';

// Answers the clicks, choices and forms of the settings panel (`/settings panel`): it shows a page, opens a form, or
// saves one. `view.ts` draws the panel, `pages.ts` says what stands on which page, and `voice-picks.ts` answers those
// clicks by which a voice is chosen.

export interface PanelOptions extends WordsOptions, Omit<VoicePicksOptions, 'change' | 'words' | 'library'> {
  readonly store: Pick<Store, 'guild' | 'problem' | 'saveSettings'>;
  readonly library: WordsOptions['library'] & VoicePicksOptions['library'];
  /** In each guild, changes of settings are made one after another. */
  readonly turns: GuildTurns;
}

/** The uses of the panel that show one of its pages. */
const SHOWING: ReadonlySet<string> = new Set(['page', 'for', 'open', 'plain']);

/** The uses of the panel that open a form. `find` and `webhook` are answered by `voice-picks.ts`. */
const OPENING_FORMS: ReadonlySet<string> = new Set(['form', 'again', 'find', 'webhook']);

/** A use of the panel, read from what was pressed, chosen or sent in. */
interface Use {
  /**
   * What is asked for:
   * - `page`: show another page, which was chosen in the menu of pages.
   * - `for`: show the same page for the channel, or for the whole guild, that was chosen in the menu of channels; or,
   *   for the whole guild, with another part of the channels in that menu.
   * - `open`: go back to a page from the choice of a voice.
   * - `plain`: take all its own settings from a channel, so that those of the guild hold there.
   * - `form`: open the form of a group of settings.
   * - `typed`: save the form of a group, which was sent in.
   * - `again`: open a form again that could not be saved, with what was typed into it.
   */
  readonly action: string;
  readonly page: Page;
  /** The name of a group of settings; an empty text for uses that are about none. */
  readonly group: string;
  readonly channelId: string | undefined;
  /** The part of the channels that the menu of channels is to show, from 0. */
  readonly part?: number | undefined;
  /** The name of an open form; an empty text for all else. */
  readonly form: string;
}

/** A use of the panel that is about a group of settings. */
type GroupUse = Omit<Use, 'group'> & { readonly group: Group };

/** Panels that were opened before a restart still work: the ids of their components hold all that is needed. */
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

  opensForm(id: string): boolean {
    return OPENING_FORMS.has(id.split(':')[1] ?? '');
  }

  /**
   * Does what somebody pressed, chose or typed. Resolves with the panel as it is then, or with null when it has
   * opened a form instead. Rejects with a UserError when something cannot be used, or the panel is out of date;
   * nothing is saved then.
   */
  async answer(interaction: ComponentInteraction, t: Translate): Promise<Answer | null> {
    const { settings } = await knownGuild(this.#options.store, interaction.guildId);
    // This is a view of voices, the page to go back to, null after a form was opened, or undefined: then the use is not
    // about the choice of a voice.
    const picked = await this.#picks.answer(interaction, settings, t);
    if (picked && !('view' in picked)) return this.#show(interaction, picked, t);
    if (picked !== undefined) return picked;
    const use = useOf(interaction);
    const { action, channelId } = use;
    if (channelId !== undefined) checkListed(settings, channelId);
    if (action === 'plain')
      await this.#change(interaction.guildId, held => channelPlain(held, channelId ?? ''));
    if (SHOWING.has(action)) return this.#show(interaction, use, t);
    const group = groupsOf(use.page, channelId).find(({ name }) => name === use.group);
    if (!group) throw new UserError('panel.outdated');
    if (action === 'typed' && interaction.isModalSubmit())
      return this.#save(interaction, { ...use, group }, t);
    if ((action !== 'form' && action !== 'again') || !interaction.isMessageComponent())
      throw new UserError('panel.outdated');
    await interaction.showModal(this.#formFor(interaction, { ...use, group }, settings, t));
    return null;
  }

  /** Returns the form of a group with the values that hold now, or with what was typed into it before. */
  #formFor(
    interaction: ComponentInteraction,
    { action, page, group, channelId, form }: GroupUse,
    settings: GuildSettings,
    t: Translate,
  ): ReturnType<typeof formOf> {
    const before = action === 'again' ? this.#forms.get(form) : undefined;
    const present = inPlace(settings, channelId);
    const opened = before?.opened ?? presentIn(group, present, possibilities(interaction), t);
    const typed = before?.typed ?? opened;
    const id = customId('typed', page, group.name, channelId ?? '', this.#forms.keep({ opened, typed }));
    const { usdPerMillionBytes } = this.#options;
    return formOf(group, typed, id, { t, usdPerMillionBytes });
  }

  /** Saves a form that was sent in. If any value in it is wrong it saves nothing, and the panel says what is wrong. */
  async #save(
    interaction: ComponentInteraction,
    { group, channelId, ...use }: GroupUse,
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
    { page, channelId, part }: PanelPlace,
    t: Translate,
    failed?: FailedForm,
  ): Promise<Answer> {
    const { settings } = await knownGuild(this.#options.store, interaction.guildId);
    await learnNames(settings, this.#options);
    return {
      view: panelView(settings, { page, channelId, part }, panelWords(interaction, this.#options, t), failed),
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

function useOf(interaction: ComponentInteraction): Use {
  const [, action = '', page = '', group = '', channelId = '', form = ''] = interaction.customId.split(':');
  const [chosen = ''] = interaction.isAnySelectMenu() ? interaction.values : [];
  const inGuild = { action, group: '', channelId: undefined, form: '' };
  switch (action) {
    case 'page':
      return { ...inGuild, page: pageOf(chosen) };
    case 'for': {
      const part = channelPartIn(chosen);
      const isForGuild = chosen === WHOLE_GUILD || part !== undefined;
      return { ...inGuild, page: pageOf(page), channelId: isForGuild ? undefined : chosen, part };
    }
    case 'open': // The button that goes back has the channel in the place of the group.
      return { ...inGuild, page: pageOf(page), channelId: group === '' ? undefined : group };
    default:
      return { action, page: pageOf(page), group, channelId: channelId === '' ? undefined : channelId, form };
  }
}

function pageOf(name: string): Page {
  return PAGES.find(page => page === name) ?? 'overview';
}
