import { ApplicationIntegrationType, type Interaction, InteractionContextType } from 'discord.js';
import type { Logger } from '../../log.ts';
import type { Command } from '../interaction/command.ts';
import type { VisitorLines } from '../lines/visitor-lines.ts';
import { dispatch } from './dispatch.ts';

// Answers visitors: people who installed the bot for themselves and use it where it is not a member. Their lines are
// made by `lines/visitor-lines.ts`; a command says by its `visit` that it is for them.

/**
 * Returns a command so that Discord also offers it to people who installed the bot for themselves, in all places
 * where they may use it. A command that has no `visit` is returned as it is.
 */
export function forVisits(command: Command): Command {
  if (!('visit' in command)) return command;
  const { GuildInstall, UserInstall } = ApplicationIntegrationType;
  const { Guild, BotDM, PrivateChannel } = InteractionContextType;
  const anywhere = {
    integration_types: [GuildInstall, UserInstall],
    contexts: [Guild, BotDM, PrivateChannel],
  };
  return { ...command, data: { ...command.data, ...anywhere } };
}

export interface VisitsOptions {
  readonly commands: readonly Command[];
  readonly visitorLines: VisitorLines;
  readonly log: Logger;
}

/**
 * Answers visitors: people who installed the bot for themselves and use it where it is not a member, in other guilds
 * and in private conversations. There the bot knows only what comes with the interaction, and all settings have their
 * default values (Discord, "Application", Installation Context).
 */
export class Visits {
  readonly #options: VisitsOptions;

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  /**
   * Answers an interaction in a place where the bot is not a member, and returns true; returns false, without an
   * answer, when it is not for visitors. Never rejects.
   */
  async answer(interaction: Interaction): Promise<boolean> {
    if (!interaction.isMessageContextMenuCommand()) return false;
    const { commands, visitorLines, log } = this.#options;
    const command = commands.find(({ data }) => data.name === interaction.commandName);
    if (!command || !('visit' in command)) return false;
    const run: Parameters<typeof dispatch>[0]['run'] = async t =>
      (await command.visit?.(interaction, visitorLines, t)) ?? null;
    await dispatch({ interaction, name: command.data.name, isPublic: false, run }, null, log);
    return true;
  }
}
