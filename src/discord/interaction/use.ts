import type {
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  RepliableInteraction,
} from 'discord.js';

/** Somebody uses a command, a menu, a button or a form in a server that the bot is in. */
export type AnyUse = RepliableInteraction<'cached'>;
/** Somebody uses one of the bot's slash commands. */
export type CommandUse = ChatInputCommandInteraction<'cached'>;
/** Somebody uses one of the bot's menus on a message. */
export type MenuUse = MessageContextMenuCommandInteraction<'cached'>;
/** Somebody presses a button, chooses from a menu, or sends in a form. */
export type ComponentUse = Extract<AnyUse, { readonly customId: string }>;
/** Somebody is still typing the value of an option. */
export type CompletionUse = AutocompleteInteraction<'cached'>;
