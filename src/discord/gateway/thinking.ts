import {
  type MessageComponentInteraction,
  MessageFlags,
  type ModalMessageModalSubmitInteraction,
  RESTJSONErrorCodes,
  type RepliableInteraction,
} from 'discord.js';
import { errorCode } from '../../errors.ts';

// Shows "thinking" until the answer to a command, button or form comes, and takes it away where the answer cannot be
// put in its place. `dispatch.ts` decides when it is shown, and `reply.ts` sends the answer.

/** The use of a component, or of a form that one has opened. */
export type Press =
  | Extract<RepliableInteraction, MessageComponentInteraction>
  | ModalMessageModalSubmitInteraction;

/**
 * Whether the interaction is a button, a menu, or a form that one of these opened: its answer may change that
 * message.
 */
export function isPress(interaction: RepliableInteraction): interaction is Press {
  return interaction.isMessageComponent() || (interaction.isModalSubmit() && interaction.isFromMessage());
}

/**
 * Tells Discord that the answer will come later. A message whose button was pressed stays as it is; else "thinking"
 * is shown.
 */
export async function showThinking(interaction: RepliableInteraction, isPublic: boolean): Promise<void> {
  if (isPress(interaction)) await interaction.deferUpdate();
  else await interaction.deferReply(isPublic ? {} : { flags: MessageFlags.Ephemeral });
}

/**
 * Deletes the "thinking" that is shown, or does nothing if that is gone already: an answer that came in its place may
 * have been refused. Rejects with any other error of Discord's REST API.
 */
export async function withdrawThinking(interaction: RepliableInteraction): Promise<void> {
  try {
    await interaction.deleteReply();
  } catch (error) {
    if (errorCode(error) !== RESTJSONErrorCodes.UnknownMessage) throw error;
  }
}
