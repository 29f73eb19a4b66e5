import type {
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  RepliableInteraction,
} from 'discord.js';

// An interaction is what Discord sends when somebody uses a command, menu, button or form. These are short names for
// the library's types of it, where the bot is a member of the guild; `answer.ts` has the kinds of answer.

/** Any interaction (the use of a command, a menu, a button or a form) in a guild of which the bot is a member. */
export type AnyInteraction = RepliableInteraction<'cached'>;
/** The interaction in which somebody uses one of the bot's slash commands. */
export type SlashInteraction = ChatInputCommandInteraction<'cached'>;
/** The interaction in which somebody uses one of the bot's menu entries on a message. */
export type MenuInteraction = MessageContextMenuCommandInteraction<'cached'>;
/** The interaction in which somebody presses a button, chooses from a menu, or sends in a form. */
export type ComponentInteraction = Extract<AnyInteraction, { readonly customId: string }>;
/** The interaction in which somebody is still typing the value of an option, and Discord asks what to offer. */
export type CompletionInteraction = AutocompleteInteraction<'cached'>;
