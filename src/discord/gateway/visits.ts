import { ApplicationIntegrationType, type Interaction, InteractionContextType } from 'discord.js';
import type { Logger } from '../../log.ts';
import { dispatch } from './dispatch.ts';
import type { Command } from '../interaction/command.ts';
import type { VisitorLines } from '../lines/visitor-lines.ts';

/** A command with a part for visits, in Discord's form for where people may bring the bot along. */
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
  readonly lines: VisitorLines;
  readonly log: Logger;
}

/**
 * Uses by people who installed the bot for themselves, where it is not: in other servers, in conversations. There it
 * knows nothing but what comes with the use, and all settings are the defaults. (Discord, "Application",
 * Installation Context.)
 */
export class Visits {
  readonly #options: VisitsOptions;

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  /** Somebody uses something where the bot is not. Never rejects. */
  async answer(interaction: Interaction): Promise<void> {
    if (!interaction.isMessageContextMenuCommand()) return;
    const { commands, lines, log } = this.#options;
    const command = commands.find(({ data }) => data.name === interaction.commandName);
    if (!command || !('visit' in command)) return;
    const run: Parameters<typeof dispatch>[0]['run'] = async t =>
      (await command.visit?.(interaction, lines, t)) ?? null;
    await dispatch({ interaction, name: command.data.name, isPublic: false, run }, null, log);
  }
}
