import { ChannelType, type Guild } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { Store } from '../../store/store.ts';
import type { Answer, ComponentOwner, TextWithRows } from '../interaction/answer.ts';
import { button, buttonRow } from '../interaction/buttons.ts';
import type { CommandIds } from '../interaction/command-ids.ts';
import type { ComponentInteraction } from '../interaction/interaction.ts';
import { mayWriteIn, type Notices } from '../notices.ts';
import { olderFirst } from '../older-first.ts';
import type { Panel } from '../panel/panel.ts';

// Sends a message of welcome to a guild that has just invited the bot, and opens the settings when somebody presses its
// button. `welcomeMessage` makes what it says.

export interface WelcomeOptions {
  readonly store: Pick<Store, 'noteWelcome'>;
  readonly notices: Pick<Notices, 'post'>;
  readonly ids: Pick<CommandIds, 'mention'>;
  readonly panel: Pick<Panel, 'open'>;
}

/** The custom id of the button that opens the settings. */
const SETTINGS_ID = 'welcome:settings';

/**
 * Welcomes each guild once. A guild that throws the bot out and invites it again within 30 days is not welcomed again.
 */
export class Welcome implements ComponentOwner {
  readonly name = 'welcome';
  readonly admin = true;
  readonly #options: WelcomeOptions;

  constructor(options: WelcomeOptions) {
    this.#options = options;
  }

  /**
   * Sends the welcome to the guild's system channel, or else to its first text channel in which the bot may write.
   * Nothing is sent where it may write nowhere, and while the database cannot note it. Rejects with StoreError.
   */
  async greet(guild: Guild): Promise<void> {
    const { store, notices, ids } = this.#options;
    const channelId = welcomeChannelOf(guild);
    if (channelId === null || !(await store.noteWelcome(guild.id))) return;
    await notices.post(guild, [channelId], t => welcomeMessage(ids, t), 'welcome');
  }

  owns(customId: string): boolean {
    return customId === SETTINGS_ID;
  }

  /** Resolves with the panel, as a message of its own. */
  async answer(interaction: ComponentInteraction, t: Translate): Promise<Answer> {
    const answer = await this.#options.panel.open(interaction, t);
    return typeof answer === 'object' && 'view' in answer ? { ...answer, anew: true } : answer;
  }
}

/** Returns the welcome: what the bot does, how to begin, what becomes of people's words, and the settings' button. */
function welcomeMessage(ids: Pick<CommandIds, 'mention'>, t: Translate): TextWithRows {
  const lines = [
    t('welcome.hello'),
    t('welcome.begin', { join: ids.mention('join'), help: ids.mention('help') }),
    t('welcome.privacy', { optout: ids.mention('optout') }),
  ];
  return {
    text: lines.join('\n'),
    rows: [buttonRow(button(SETTINGS_ID, t('panel.title'), { emoji: '⚙️' }))],
  };
}

/**
 * Returns the id of the channel for the welcome; null if the bot may write in none. Channels are in Discord's order:
 * those without a category come first.
 */
function welcomeChannelOf(guild: Guild): string | null {
  const texts = [...guild.channels.cache.values()].filter(channel => channel.type === ChannelType.GuildText);
  texts.sort(
    (a, b) =>
      (a.parent?.rawPosition ?? -1) - (b.parent?.rawPosition ?? -1) ||
      a.rawPosition - b.rawPosition ||
      olderFirst(a, b),
  );
  const candidates = [guild.systemChannel, ...texts];
  return candidates.find(channel => mayWriteIn(channel ?? undefined))?.id ?? null;
}
