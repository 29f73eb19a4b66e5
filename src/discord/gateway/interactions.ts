import type { Interaction } from 'discord.js';
import { UserError } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { complete, dispatch } from './dispatch.ts';
import type { ComponentOwner } from '../interaction/answer.ts';
import { checkManager } from '../interaction/callers.ts';
import type { Command } from '../interaction/command.ts';
import type { Services } from '../interaction/services.ts';
import type { AnyUse } from '../interaction/use.ts';
import type { Visits } from './visits.ts';

export interface InteractionOptions {
  readonly commands: readonly Command[];
  readonly services: Services;
  /** Null: people cannot install the bot for themselves. */
  readonly visits: Visits | null;
  readonly log: Logger;
}

/** Somebody uses a command, a menu, a button or a form, or types an option: finds whose it is, and has it answered. */
export async function answerInteraction(use: Interaction, options: InteractionOptions): Promise<void> {
  const { commands, services, visits, log } = options;
  if (!use.inCachedGuild()) return visits?.answer(use);
  if (use.isMessageComponent() || use.isModalSubmit()) {
    const owners: readonly ComponentOwner[] = [services.panel, services.search];
    const owner = owners.find(one => one.owns(use.customId));
    if (owner) await answer(use, owner, options, t => owner.answer(use, t));
    return;
  }
  const command = commands.find(({ data }) => data.name === use.commandName);
  if (!command) return;
  if (use.isAutocomplete()) {
    if ('run' in command) await complete(command, use, services, log);
    return;
  }
  await answer(use, { ...command, name: command.data.name }, options, t => {
    if (use.isChatInputCommand() && 'run' in command) return command.run(use, services, t);
    if (use.isMessageContextMenuCommand() && 'menu' in command) return command.menu(use, services, t);
    throw new UserError('sorry');
  });
}

interface Wanted {
  readonly name: string;
  readonly admin?: boolean;
  readonly public?: boolean;
}

async function answer(
  use: AnyUse,
  { name, admin, public: isPublic = false }: Wanted,
  { services, log }: InteractionOptions,
  run: Parameters<typeof dispatch>[0]['run'],
): Promise<void> {
  await dispatch(
    {
      use,
      name,
      isPublic,
      run(t) {
        if (admin) checkManager(use);
        return run(t);
      },
    },
    services.followUps,
    log,
  );
}
