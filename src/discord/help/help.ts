import { PermissionFlagsBits, PermissionsBitField } from 'discord.js';
import type { Translate } from '../../locale/catalogue.ts';
import type { Store } from '../../store/store.ts';
import type { Answer, ComponentOwner } from '../interaction/answer.ts';
import type { CommandIds } from '../interaction/command-ids.ts';
import type { AnyInteraction, ComponentInteraction } from '../interaction/interaction.ts';
import { checkMayChange, checkMayReplace } from '../settings/dictionary-changes.ts';
import { HELP_MENU, type HelpPage, helpView } from './help-view.ts';
import { type CallerRights, isOffered } from './offered.ts';
import { entriesOf, HELP_TOPICS, type HelpCommand, type HelpEntry } from './topics.ts';

// Carries out `/help`, and answers when somebody chooses a topic in its menu. `topics.ts` says which command belongs to
// which topic, `offered.ts` which commands a caller may use, and `help-view.ts` draws a page.

export interface HelpOptions {
  readonly commands: readonly HelpCommand[];
  readonly ids: CommandIds;
  readonly store: Pick<Store, 'guild'>;
}

/** Shows each person the commands that they may use. It keeps no state, so its menu also works after a restart. */
export class Help implements ComponentOwner {
  readonly name = 'help';
  readonly #options: HelpOptions;
  readonly #entries: readonly HelpEntry[];

  constructor(options: HelpOptions) {
    this.#options = options;
    this.#entries = entriesOf(options.commands);
  }

  /** Resolves with the first page. */
  open(interaction: AnyInteraction, t: Translate): Promise<Answer> {
    return this.#show(interaction, 'start', t);
  }

  owns(customId: string): boolean {
    return customId === HELP_MENU;
  }

  /** Resolves with the page that somebody has chosen. */
  answer(interaction: ComponentInteraction, t: Translate): Promise<Answer> {
    const [chosen] = interaction.isAnySelectMenu() ? interaction.values : [];
    return this.#show(interaction, HELP_TOPICS.find(topic => topic === chosen) ?? 'start', t);
  }

  async #show(interaction: AnyInteraction, page: HelpPage, t: Translate): Promise<Answer> {
    const rights = await this.#rightsOf(interaction);
    const entries = this.#entries.filter(entry => isOffered(entry, rights));
    return { view: helpView({ page, entries, ids: this.#options.ids, t }) };
  }

  async #rightsOf(interaction: AnyInteraction): Promise<CallerRights> {
    const { guildId, member, memberPermissions, user } = interaction;
    const { settings, clones } = await this.#options.store.guild(guildId);
    return {
      has: permissions => memberPermissions.has(new PermissionsBitField(BigInt(permissions))),
      isManager: memberPermissions.has(PermissionFlagsBits.ManageGuild),
      hasRole: roleId => member.roles.cache.has(roleId),
      hasClone: clones.some(({ userId }) => userId === user.id),
      settings,
      checkMayTeach: () => checkMayChange(interaction, settings),
      checkMayReplaceWords: () => checkMayReplace(interaction, settings),
    };
  }
}
