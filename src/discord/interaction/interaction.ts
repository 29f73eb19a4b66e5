import type {
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  RepliableInteraction,
} from 'discord.js';

/** Somebody uses a command, a menu, a button or a form in a guild of which the bot is a member. */
export type AnyInteraction = RepliableInteraction<'cached'>;
/** Somebody uses one of the bot's slash commands. */
export type SlashInteraction = ChatInputCommandInteraction<'cached'>;
/** Somebody uses one of the bot's menus on a message. */
export type MenuInteraction = MessageContextMenuCommandInteraction<'cached'>;
/** Somebody presses a button, chooses from a menu, or sends in a form. */
export type ComponentInteraction = Extract<AnyInteraction, { readonly customId: string }>;
/** Somebody is still typing the value of an option. */
export type CompletionInteraction = AutocompleteInteraction<'cached'>;
