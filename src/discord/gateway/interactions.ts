import type { Interaction } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { MessageKey } from '../../locale/catalogue.ts';
import type { Logger } from '../../log.ts';
import type { ComponentOwner } from '../interaction/answer.ts';
import { checkManager, checkModerator } from '../interaction/callers.ts';
import type { Command } from '../interaction/command.ts';
import type { AnyInteraction } from '../interaction/interaction.ts';
import type { Services } from '../interaction/services.ts';
import { complete, dispatch, offer } from './dispatch.ts';
import type { Visits } from './visits.ts';

// Finds the command, menu entry or feature to which an interaction belongs, checks the caller's permissions, and has
// `dispatch.ts` run it. A new feature with buttons or forms of its own is added to the list `owners` here.

export interface InteractionOptions {
  readonly commands: readonly Command[];
  readonly services: Services;
  /** Answers visitors; null when people cannot install the bot for themselves. */
  readonly visits: Visits | null;
  readonly log: Logger;
}

/**
 * Has an interaction answered, which may be the use of a command, menu, button or form, or an option that somebody is
 * typing.
 */
export async function answerInteraction(
  interaction: Interaction,
  options: InteractionOptions,
): Promise<void> {
  const { commands, services, visits, log } = options;
  if (!interaction.inCachedGuild()) {
    if (!(await visits?.answer(interaction))) await refuse(interaction, 'not-here', log);
    return;
  }
  if (interaction.isMessageComponent() || interaction.isModalSubmit()) {
    const { help, panel, personDeletion, search, settingsFiles, steeringButtons, welcome, wordList } =
      services;
    const owners: readonly ComponentOwner[] = [
      help,
      panel,
      personDeletion,
      search,
      settingsFiles,
      steeringButtons,
      welcome,
      wordList,
    ];
    const owner = owners.find(one => one.owns(interaction.customId));
    if (!owner) return refuse(interaction, 'outdated', log);
    const opensForm = owner.opensForm?.(interaction.customId) ?? false;
    const { name, admin = false } = owner;
    await answer(interaction, { name, admin, opensForm }, options, t => owner.answer(interaction, t));
    return;
  }
  const command = commands.find(({ data }) => data.name === interaction.commandName);
  if (!command) return refuse(interaction, 'outdated', log);
  if (interaction.isAutocomplete()) {
    if ('run' in command) await complete(command, interaction, services, log);
    return;
  }
  await answer(interaction, { ...command, name: command.data.name }, options, t => {
    if (interaction.isChatInputCommand() && 'run' in command) return command.run(interaction, services, t);
    if (interaction.isMessageContextMenuCommand() && 'menu' in command)
      return command.menu(interaction, services, t);
    throw new UserError('sorry');
  });
}

/** Tells the caller why nothing is done; somebody who is typing is offered nothing. Never rejects. */
async function refuse(interaction: Interaction, key: MessageKey, log: Logger): Promise<void> {
  if (interaction.isAutocomplete()) return offer(interaction, [], log);
  const run = () => Promise.reject(new UserError(key));
  await dispatch({ interaction, name: key, isPublic: false, run }, null, log);
}

/** What a command and a feature with buttons have in common here. */
interface Answering {
  readonly name: string;
  readonly admin?: boolean;
  readonly moderator?: boolean;
  readonly public?: boolean;
  readonly opensForm?: boolean;
}

async function answer(
  interaction: AnyInteraction,
  { name, admin, moderator, public: isPublic = false, opensForm = false }: Answering,
  { services, log }: InteractionOptions,
  run: Parameters<typeof dispatch>[0]['run'],
): Promise<void> {
  await dispatch(
    {
      interaction,
      name,
      isPublic,
      opensForm,
      run(t) {
        if (admin) checkManager(interaction);
        if (moderator) checkModerator(interaction);
        return run(t);
      },
    },
    services.followUps,
    log,
  );
}
