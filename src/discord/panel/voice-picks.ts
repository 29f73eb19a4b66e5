import { UserError } from '../../errors.ts';
import type { Translate } from '../../locale/catalogue.ts';
import type { GuildSettings } from '../../settings/guild.ts';
import { languageName } from '../../voices/languages.ts';
import type { VoiceLibrary } from '../../voices/library.ts';
import type { Answer } from '../interaction/answer.ts';
import type { AnyInteraction, ComponentInteraction } from '../interaction/interaction.ts';
import { messageIn } from '../interaction/message-link.ts';
import { beginningOf } from '../interaction/texts.ts';
import type { Wording } from '../notices.ts';
import { readsHistoryOfId } from '../seeing.ts';
import type { VoiceChoice } from '../voices/choice.ts';
import type { Cloning } from '../voices/cloning.ts';
import { PAGE_SIZE } from '../voices/voice-cards.ts';
import { MAX_VOICE_QUERY, onlyFieldOf, searchForm, webhookForm } from './form.ts';
import type { PanelWords } from './panel-words.ts';
import type { SettingsChange } from './settings-change.ts';
import type { PanelPlace } from './view.ts';
import { pickerView } from './voice-picker.ts';
import { pageOfSlot, slotIn, slotName, type VoiceSlot, voiceIn, withVoice } from './voice-slots.ts';

// Answers those clicks and forms of the settings panel by which voices are looked for and put into a slot, which is a
// place in the settings where a voice stands (`voice-slots.ts`). `voice-picker.ts` draws what people see meanwhile.

/** How many of the most liked voices are shown while nothing is looked for. */
const MAX_LIKED = 25;
/** Somebody who pastes the address of a voice waits at most this long for Fish Audio to tell of it. */
const PATIENCE_MS = 2_000;
/** Matches the id of a voice at Fish Audio, or an address that ends in it. */
const VOICE_ID = /^(?:https?:\/\/\S+\/)?([0-9a-f]{32})\/?$/i;

/**
 * The actions that are about one slot, whose name stands in the custom id: begin to choose a voice for it (`pick`),
 * open the form to search (`find`), search for what was typed there (`query`), turn to another page of what was found
 * (`turn`), take the voice out of the slot (`none`), and put the chosen one into it (`v`).
 */
const FOR_A_SLOT: ReadonlySet<string> = new Set(['pick', 'find', 'query', 'turn', 'none', 'v']);

export interface VoicePicksOptions {
  /** Changes a guild's settings by what `change` returns for those that hold; no other change comes in between. */
  readonly change: SettingsChange;
  readonly library: Pick<VoiceLibrary, 'get' | 'liked' | 'lookUp' | 'page' | 'isProven'>;
  readonly voices: Pick<VoiceChoice, 'checkedId' | 'shown'>;
  readonly cloning: Pick<Cloning, 'checkForAll'>;
  /** Tells something to the caller alone, after the first answer. Never rejects. */
  readonly tell: (interaction: AnyInteraction, what: Wording) => Promise<void>;
  readonly words: (interaction: AnyInteraction, t: Translate) => PanelWords;
}

/** It keeps no state, because the ids of buttons and forms hold all that is needed. */
export class VoicePicks {
  readonly #options: VoicePicksOptions;

  constructor(options: VoicePicksOptions) {
    this.#options = options;
  }

  /**
   * Does what somebody asked for who chooses a voice. Resolves with a view of voices to show, with the page of the
   * panel to go back to, with null when a form was opened, or with undefined when the interaction is about something
   * else. Rejects with a UserError when a voice cannot be used.
   */
  async answer(
    interaction: ComponentInteraction,
    settings: GuildSettings,
    t: Translate,
  ): Promise<Extract<Answer, { view: unknown }> | PanelPlace | null | undefined> {
    const [, action = '', name = '', what = '', ...query] = interaction.customId.split(':');
    if (action === 'keep' && interaction.isStringSelectMenu())
      return this.#keep(interaction.guildId, name, {
        shown: interaction.component.options.map(({ value }) => value),
        kept: interaction.values,
      });
    if (action === 'webhook' && interaction.isMessageComponent()) {
      await interaction.showModal(webhookForm(t));
      return null;
    }
    const botId = await botMeant(interaction, action);
    if (botId === undefined && !FOR_A_SLOT.has(action)) return undefined;
    const language = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
    const named = botId === undefined ? name : slotName({ kind: 'bot', id: botId });
    const slot = slotIn(
      language === undefined ? named : slotName({ kind: 'language', id: language }),
      settings,
    );
    if (!slot) throw new UserError('panel.outdated');
    if (action === 'find' && interaction.isMessageComponent()) {
      await interaction.showModal(searchForm(slotName(slot), t));
      return null;
    }
    if (action === 'pick' && slot.kind === 'language')
      return this.#shown(interaction, { slot, settings, query: languageName(slot.id, t.locale), page: 1 }, t);
    if (action === 'v') return this.#take(interaction, slot, what);
    if (action === 'none') return this.#put(interaction.guildId, slot, null);
    const typed = action === 'query' ? onlyFieldOf(interaction) : query.join(':');
    const looked = VOICE_ID.exec(typed)?.[1]?.toLowerCase() ?? typed;
    const page = action === 'turn' ? Math.max(1, Number(what) || 1) : 1;
    const wanted = beginningOf(looked, MAX_VOICE_QUERY);
    return this.#shown(interaction, { slot, settings, query: wanted, page }, t);
  }

  /** Shows a page of the voices that fit what somebody looks for. */
  async #shown(
    interaction: AnyInteraction,
    {
      slot,
      settings,
      query,
      page,
    }: { slot: VoiceSlot; settings: GuildSettings; query: string; page: number },
    t: Translate,
  ): Promise<Extract<Answer, { view: unknown }>> {
    const found = await this.#find(query, page, interaction.locale);
    const present = voiceIn(settings, slot);
    const words = this.#options.words(interaction, t);
    return { view: pickerView({ slot, present, query, page, ...found }, words) };
  }

  async #find(query: string, page: number, locale: string): ReturnType<VoiceLibrary['page']> {
    const { library } = this.#options;
    const [, id] = VOICE_ID.exec(query) ?? [];
    if (id !== undefined) {
      const voice = await library.lookUp(id, PATIENCE_MS);
      return { total: voice ? 1 : 0, voices: voice ? [voice] : [], fromMemory: voice === undefined };
    }
    if (query !== '') return await library.page(query, page, PAGE_SIZE);
    const liked = library.liked(locale, MAX_LIKED);
    const voices = liked.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
    return { total: liked.length, voices, fromMemory: true };
  }

  /** Puts a chosen voice into its place, after Fish Audio was asked about it. */
  async #take(interaction: ComponentInteraction, slot: VoiceSlot, given: string): Promise<PanelPlace> {
    const { cloning, voices, library, tell } = this.#options;
    const voice = await voices.checkedId(interaction, given);
    cloning.checkForAll(voice);
    const place = await this.#put(interaction.guildId, slot, voice);
    if (!library.isProven(voice))
      void tell(interaction, { key: 'voice.unchecked', params: { voices: voices.shown(voice) } });
    return place;
  }

  async #put(guildId: string, slot: VoiceSlot, voice: string | null): Promise<PanelPlace> {
    await this.#options.change(guildId, settings => {
      const change = withVoice(settings, slot, voice);
      if (!change) throw new UserError('panel.full');
      return change;
    });
    return { page: pageOfSlot(slot), channelId: slot.kind === 'channel' ? slot.id : undefined };
  }

  /** Takes out of a list what somebody has taken out of the menu that showed it. What the menu did not show stays. */
  async #keep(
    guildId: string,
    setting: string,
    { shown, kept }: { readonly shown: readonly string[]; readonly kept: readonly string[] },
  ): Promise<PanelPlace> {
    const stays = (value: string) => !shown.includes(value) || kept.includes(value);
    await this.#options.change(guildId, ({ newcomerVoices, botVoices }) =>
      setting === 'newcomerVoices'
        ? { newcomerVoices: newcomerVoices.filter(stays) }
        : { botVoices: Object.fromEntries(Object.entries(botVoices).filter(([bot]) => stays(bot))) },
    );
    return { page: setting === 'newcomerVoices' ? 'voice' : 'people', channelId: undefined };
  }
}

/**
 * Resolves with the id of the bot or webhook that somebody has chosen in a menu, or named by a message; with undefined
 * when they did neither. Rejects with a UserError when they chose or named what is neither a bot nor a webhook.
 */
async function botMeant(interaction: ComponentInteraction, action: string): Promise<string | undefined> {
  if (action === 'bot' && interaction.isUserSelectMenu()) return botChosen(interaction.users.first());
  if (action === 'hook' && interaction.isModalSubmit())
    return await webhookMeant(interaction, onlyFieldOf(interaction));
  return undefined;
}

/** The id of a bot that was chosen in a menu of people. Throws a UserError for anybody who is no bot. */
function botChosen(user: { readonly id: string; readonly bot: boolean } | undefined): string {
  if (!user?.bot) throw new UserError('panel.no-bot');
  return user.id;
}

/** The id of the bot or webhook that wrote the message that somebody has named. Rejects with a UserError otherwise. */
async function webhookMeant(interaction: AnyInteraction, text: string): Promise<string> {
  const { channelId = interaction.channelId, id } = messageIn(text) ?? {};
  if (id === undefined || !channelId || !readsHistoryOfId(interaction, channelId))
    throw new UserError('panel.no-webhook');
  const channel = interaction.guild.channels.cache.get(channelId);
  const message = channel?.isTextBased()
    ? await channel.messages.fetch(id).catch(() => undefined)
    : undefined;
  const writer = message?.webhookId ?? (message?.author.bot ? message.author.id : null);
  if (writer === null) throw new UserError('panel.no-webhook');
  return writer;
}
