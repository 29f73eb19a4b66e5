import { ApplicationCommandType } from 'discord.js';

// Discord gives each registered command an id, with which a text can mention the command so that people click it
// instead of typing it. The ids are kept here, after `gateway/events.ts` has had the commands registered.

/** A command as Discord returns it, as far as it is needed here. */
export interface RegisteredCommand {
  readonly id: string;
  readonly name: string;
  readonly type?: ApplicationCommandType | undefined;
}

/** The ids that Discord has given to the slash commands (Discord, "Message Formatting": Slash Command). */
export class CommandIds {
  readonly #ids = new Map<string, string>();

  /** Call this with all commands of the bot, as Discord returned them. */
  learn(registered: readonly RegisteredCommand[]): void {
    this.#ids.clear();
    for (const { id, name, type = ApplicationCommandType.ChatInput } of registered)
      if (type === ApplicationCommandType.ChatInput) this.#ids.set(name, id);
  }

  /**
   * Returns a mention of a command, or of a subcommand such as `voice set`. While its id is not known it is the name in
   * code style.
   */
  mention(name: string): string {
    const id = this.#ids.get(name.split(' ')[0] ?? '');
    return id === undefined ? `\`/${name}\`` : `</${name}:${id}>`;
  }
}
